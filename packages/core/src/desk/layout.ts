import type { HttpResponse } from '../http/http.js';
import { linkTo, type View } from './desk-query.js';
import { LIVE_SCRIPT, LIVE_SCRIPT_HASH } from './live-script.js';
import { markup, Markup, type Content } from './markup.js';
import { STYLE, STYLE_HASH } from './style.js';

const POLICY = [
  "default-src 'none'",
  `style-src ${STYLE_HASH}`,
  `script-src ${LIVE_SCRIPT_HASH}`,
  "connect-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
].join('; ');

/** What every answer of the desk carries. */
export const HEADERS: Readonly<Record<string, string>> = {
  'cache-control': 'no-store',
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex',
};

/** One page of the desk. */
export interface DeskPage {
  readonly status?: number | undefined;
  readonly title: string;
  /** Which entry of the navigation it belongs to. */
  readonly view: View;
  readonly main: Content;
  /** How often it loads itself again, in seconds; absent for a page that stays as it is. */
  readonly liveSeconds?: number | undefined;
}

/** What stands around every page. */
export interface Frame {
  /** Who looks at it, and why they may. */
  readonly operator: string;
  readonly notice?: string | undefined;
  /** The request's own query, for links that keep it. */
  readonly fields: ReadonlyMap<string, string>;
}

/** The whole answer. */
export function pageResponse(page: DeskPage, frame: Frame): HttpResponse {
  return {
    status: page.status ?? 200,
    headers: { ...HEADERS, 'content-type': 'text/html; charset=utf-8' },
    body: documentOf(page, frame),
  };
}

/** On to another page of the desk, by GET. */
export function seeOther(location: string): HttpResponse {
  return { status: 303, headers: { ...HEADERS, location }, body: '' };
}

/** An answer without the desk around it: for those who may not see it. */
export function plainResponse(status: number, text: string, more = {}): HttpResponse {
  const headers = { ...HEADERS, ...more, 'content-type': 'text/plain; charset=utf-8' };
  return { status, headers, body: `${text}\n` };
}

const NAVIGATION = [
  ['now', 'Now', '?'],
  ['deliveries', 'Deliveries', linkTo({ view: 'deliveries' })],
  ['dead', 'Dead letters', linkTo({ view: 'deliveries', state: 'dead' })],
] as const;

function documentOf(page: DeskPage, frame: Frame): string {
  const { title, main } = page;
  const isLive = page.liveSeconds !== undefined && frame.fields.get('live') !== 'off';
  const live = isLive ? String(page.liveSeconds) : undefined;
  // The script follows what it reads, and is left out where nothing changes.
  const script = isLive ? new Markup(`<script>${LIVE_SCRIPT}</script>\n`) : undefined;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="robots" content="noindex" />
        ${live !== undefined && markup`<noscript><meta http-equiv="refresh" content="${refreshSeconds(page)}" /></noscript>`}
        <title>${title} · QBitFlow deliveries</title>
        <style>${new Markup(STYLE)}</style>
      </head>
      <body>
        <a class="skip" href="#main">Skip to the content</a>
        <header>
          <div>
            <a class="name" href="?">QBitFlow deliveries</a>
            <nav aria-label="Pages">
              ${NAVIGATION.map(([view, name, href]) => markup`<a href="${href}" ${isCurrent(view, page, frame) && CURRENT}>${name}</a>`)}
            </nav>
            <form role="search">
              <input type="hidden" name="view" value="find" /><input
                type="search"
                name="q"
                maxlength="512"
                aria-label="Key, transaction or order"
                placeholder="Key, transaction or order"
                value="${frame.fields.get('q')}"
              /><button>Find</button>
            </form>
          </div>
        </header>
        <main
          id="main"
          tabindex="-1"
          ${live !== undefined && markup` data-live="${live}" data-stream="?view=events"`}
        >
          ${frame.notice !== undefined && markup`<div class="note warn"><p>${frame.notice}</p></div>`}${main}
        </main>
        <footer>
          <p>
            You are here as <bdi>${frame.operator}</bdi>. All times are
            UTC.${page.liveSeconds !== undefined && liveSwitch(frame, isLive)}
          </p>
        </footer>
        ${script}
      </body>
    </html>
`.text;
}

const CURRENT = new Markup(' aria-current="page"');

function isCurrent(entry: string, { view }: DeskPage, { fields }: Frame): boolean {
  const isDead = view === 'deliveries' && fields.get('state') === 'dead';
  return entry === (isDead ? 'dead' : view);
}

/** Without the script a page takes the reader's place away: less often. */
function refreshSeconds({ liveSeconds = 0 }: DeskPage): string {
  return String(liveSeconds <= 2 ? liveSeconds : Math.max(liveSeconds, 20));
}

function liveSwitch({ fields }: Frame, isLive: boolean): Markup {
  const others = [...fields].filter(([name]) => name !== 'live');
  const here = Object.fromEntries(isLive ? [...others, ['live', 'off']] : others);
  return isLive
    ? markup` This page keeps itself up to date: <a href="${linkTo(here)}">stop that</a>.`
    : markup` This page stays as it is: <a href="${linkTo(here)}">keep it up to date</a>.`;
}
