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
    // Not `no-referrer`: under that its own forms would be posted by nobody (`Origin: null`).
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
