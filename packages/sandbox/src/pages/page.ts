import type { Context } from 'koa';
import { html, Markup } from './html.js';
import { LIVE_SCRIPT, LIVE_SCRIPT_HASH } from './live-script.js';

/** The lists that the sandbox's own pages are about. */
export type Desk = 'sessions' | 'deliveries' | 'events';

/** One page. */
export interface Page {
  readonly title: string;
  readonly body: Markup;
  /** Which of the sandbox's own pages it belongs to; one that customers see belongs to none. */
  readonly desk?: Desk;
  /** It is kept as it stands at the server. The sandbox's own pages always are. */
  readonly live?: boolean;
  /** Its forms are answered by a redirect to the merchant's page. */
  readonly leadsToTheShop?: boolean;
}

/**
 * One script, by its hash, and no foreign content. A checkout's forms may lead to any web page: the answer to "pay" is a
 * redirect to the merchant's, and browsers apply `form-action` to redirects too.
 */
function policyOf({ leadsToTheShop = false }: Page): string {
  return [
    "default-src 'none'",
    "style-src 'self'",
    `script-src '${LIVE_SCRIPT_HASH}'`,
    "connect-src 'self'",
    `form-action 'self'${leadsToTheShop ? ' http: https:' : ''}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
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

/** Sends a browser on after its form was taken: to the page that it was on, else to the index. */
export function goBack(context: Context): void {
  const referrer = context.get('referer');
  const page = URL.canParse(referrer) ? new URL(referrer) : undefined;
  goTo(context, page?.host === context.host ? `${page.pathname}${page.search}` : '/');
}

/** The same, to a page of its own or the merchant's. */
export function goTo(context: Context, location: string): void {
  context.status = 303;
  // A path of two slashes would be another site's name.
  context.set('Location', location.replace(/^\/{2,}/, '/'));
}

/** What could not be done, in words. */
export function problemPage(message: string): Page {
  const body = html`<h1>That did not work</h1>
    <p class="notice bad" id="problem">${message}</p>
    <p><a href="/">Back to the sandbox</a></p>`;
  return { title: 'That did not work', body };
}

function documentOf(page: Page): Markup {
  const { title, body, desk, live = desk !== undefined } = page;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <link rel="stylesheet" href="/sandbox/style.css" />
      </head>
      <body>
        ${desk === undefined ? undefined : headerOf(desk)}
        ${live && desk === undefined ? html`<span id="live" class="quiet"></span>` : undefined}
        <main id="main" class="${desk === undefined ? '' : 'wide'}">${body}</main>
        ${desk === undefined ? undefined : html`<p id="report" class="report" role="status" hidden></p>`}
        ${new Markup(`<script>${LIVE_SCRIPT}</script>`)}
      </body>
    </html> `;
}

const TABS: readonly (readonly [Desk, string, string])[] = [
  ['sessions', '/', 'Sessions'],
  ['deliveries', '/deliveries', 'Deliveries'],
  ['events', '/events', 'Events'],
];

function headerOf(desk: Desk): Markup {
  return html`<a class="skip" href="#main">Skip to the content</a>
    <header>
      <a class="brand" href="/">QBitFlow <span>sandbox</span></a>
      <nav class="tabs" aria-label="Lists">
        ${TABS.map(([name, path, label]) =>
          name === desk
            ? html`<a href="${path}" aria-current="page">${label}</a>`
            : html`<a href="${path}">${label}</a>`,
        )}
      </nav>
      <span id="live" data-state="off"><a href="">Refresh</a></span>
    </header>`;
}
