import type { Context } from 'koa';
import { html, type Markup } from './html.js';

/**
 * No script, no foreign content. A checkout's forms may lead to any web page: the answer to "pay" is a redirect
 * to the merchant's, and browsers apply `form-action` to redirects too.
 */
function policyOf({ leadsToTheShop = false }: Page): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    `form-action 'self'${leadsToTheShop ? ' http: https:' : ''}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** One page. */
export interface Page {
  readonly title: string;
  readonly body: Markup;
  readonly wide?: boolean;
  /** Its forms are answered by a redirect to the merchant's page. */
  readonly leadsToTheShop?: boolean;
}

/** Answers with a page. */
export function sendPage(context: Context, page: Page, status = 200): void {
  context.status = status;
  context.set({
    'Content-Security-Policy': policyOf(page),
    'Cache-Control': 'no-store',
    // Not `no-referrer`: under that its own forms would be posted without an origin (`Origin: null`).
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
  });
  context.type = 'html';
  context.body = documentOf(page).text;
}

function documentOf({ title, body, wide = false }: Page): Markup {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/sandbox/style.css" />
      </head>
      <body>
        <main class="${wide ? 'wide' : ''}">${body}</main>
      </body>
    </html> `;
}

/** The one stylesheet of the sandbox's pages. */
export const STYLE = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); --brand: #2f5bea; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
main.wide { max-width: 72rem; }
h1 { font-size: 1.4rem; margin: 0.5rem 0; }
h2 { font-size: 1.1rem; margin: 2rem 0 0.5rem; }
nav { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin-top: 1rem; }
nav a { padding: 0.4rem 0; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.1rem 1rem; font-size: 0.9rem; }
dt { opacity: 0.7; }
dd { margin: 0; overflow-wrap: anywhere; }
.card { border: 1px solid var(--line); border-radius: 0.75rem; padding: 1.25rem; }
.price { font-size: 2rem; font-weight: 650; margin: 0.25rem 0 1rem; }
.small { opacity: 0.7; font-size: 0.85rem; overflow-wrap: anywhere; }
.notice { border-left: 4px solid var(--brand); padding: 0.5rem 0.75rem; margin: 1rem 0; }
.bad { border-color: #d33; }
.good { border-color: #1a8f4c; }
form { margin: 0.5rem 0 0; }
button { font: inherit; width: 100%; padding: 0.7rem 1rem; border-radius: 0.5rem; border: 1px solid var(--line);
  background: transparent; color: inherit; cursor: pointer; }
button.first { background: var(--brand); border-color: var(--brand); color: #fff; font-weight: 600; }
main.wide button { width: auto; min-height: 2.5rem; padding: 0.3rem 0.8rem; }
td form { margin: 0; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; }
th, td { text-align: left; padding: 0.4rem 0.6rem; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: break-word; }
th, td button { white-space: nowrap; }
ol { margin: 0; padding-left: 1.2rem; }
@media (max-width: 44rem) {
  thead { display: none; }
  table, tbody, tr, td { display: block; }
  tr { border: 1px solid var(--line); border-radius: 0.75rem; padding: 0.5rem 0.25rem; margin-bottom: 0.75rem; }
  td { display: grid; grid-template-columns: 5.5rem 1fr; border: 0; padding: 0.2rem 0.6rem; }
  td > div { overflow-wrap: anywhere; }
  td:has(> div:empty) { display: none; }
  td::before { content: attr(data-column); opacity: 0.7; }
}
`;
