import { createHash } from 'node:crypto';
import { LIVE_SCRIPT, LIVE_SCRIPT_HASH } from './live-script.js';

/**
 * Whether a caller would rather have JSON than HTML. Browsers and callers without a wish get HTML; of two equal wishes
 * the first one counts.
 */
export function acceptsJson(accept: string | undefined): boolean {
  const ranges = (accept ?? '').toLowerCase().split(',').map(parseRange);
  const json = best(ranges, 'application/json');
  const html = best(ranges, 'text/html');
  if (json === undefined || json.quality === 0) return false;
  if (html === undefined || json.quality !== html.quality) {
    return json.quality > (html?.quality ?? 0);
  }
  return ranges.indexOf(json) < ranges.indexOf(html);
}

interface Range {
  readonly type: string;
  readonly quality: number;
}

function parseRange(range: string): Range {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const given = parameters.find((parameter) => parameter.startsWith('q='));
  const quality = given === undefined ? 1 : Number(given.slice(2));
  return { type, quality: Number.isNaN(quality) ? 0 : quality };
}

function best(ranges: readonly Range[], type: string): Range | undefined {
  return ranges
    .filter((range) => range.type === type)
    .reduce<Range | undefined>(
      (a, b) => (a !== undefined && a.quality >= b.quality ? a : b),
      undefined,
    );
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in HTML, in elements and in quoted attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

const STYLE = `:root{color-scheme:light dark;--good:#15803d;--now:#1d4ed8;--edge:#8886}
@media(prefers-color-scheme:dark){:root{--good:#4ade80;--now:#8ab4ff}}
body{margin:0;min-height:100vh;display:grid;place-items:center;font:1.0625rem/1.5 system-ui,sans-serif;background:Canvas;color:CanvasText}
main{box-sizing:border-box;width:100%;max-width:30rem;padding:2rem 1.25rem}
@media(min-width:36rem){main{padding:2rem;border:1px solid var(--edge);border-radius:.75rem}}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}
p{margin:0 0 .75rem}
ol{margin:1.5rem 0;padding:0;list-style:none}
li{padding:.2em 0 .2em 1.75em;position:relative}
li::before{content:"";position:absolute;box-sizing:border-box;left:.1em;top:.5em;width:.9em;height:.9em;border:2px solid currentColor;border-radius:50%}
li+li::after{content:"";position:absolute;left:calc(.55em - 1px);bottom:calc(100% - .35em);height:.8em;border-left:2px solid var(--edge)}
li.reached::before{background:var(--good);border-color:var(--good)}
li.ahead{opacity:.65}
li[aria-current]{font-weight:600}
li[aria-current]:not(:last-child)::before{background:none;border:.25em solid var(--now)}
@media(prefers-reduced-motion:no-preference){li[aria-current]:not(:last-child)::before{animation:wait 1.6s ease-in-out infinite alternate}}
@keyframes wait{to{opacity:.35}}
.bought{font-weight:600}
a{color:LinkText}
small{display:block;margin-top:1.5rem;overflow-wrap:anywhere;opacity:.8}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The host of an absolute URL as a source of a policy: with its scheme, or with that of the page (`//host`). */
const HOST = /^(?:(https?:\/\/)|\/\/)((?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)(?=[/?#]|$)/i;

/**
 * The policy of a page: our one style and our one script by their hashes, no form, nothing loaded from elsewhere; shown
 * in frames of its own origin only. `liveUrl` is where the script listens, which may be another origin.
 */
export function contentSecurityPolicy(liveUrl = ''): string {
  // Nothing but a host gets in, whatever the option says: a policy has separators of its own.
  const [, scheme = '', host = ''] = HOST.exec(liveUrl) ?? [];
  return [
    "default-src 'none'",
    `style-src 'sha256-${STYLE_HASH}'`,
    `script-src ${LIVE_SCRIPT_HASH}`,
    `connect-src 'self'${host === '' ? '' : ` ${scheme}${host}`}`,
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** When and where a page loads itself again, where no script does better. */
export interface LookAgain {
  readonly afterSeconds: number;
  /** Absent for the same place. */
  readonly to?: string | undefined;
}

/** A document around `main`, which is HTML already; everything else is text. */
export interface HtmlDocument {
  readonly title: string;
  readonly main: string;
  /** When the browser goes on by itself, and where to. */
  readonly refresh?: LookAgain | undefined;
  /** Where live updates come from, and what the page shows now. */
  readonly live?: { readonly url: string; readonly shown: string } | undefined;
}

/** The whole document. */
export function renderDocument({ title, main, refresh, live }: HtmlDocument): string {
  const again = refresh === undefined ? '' : refreshTag(refresh);
  const attributes =
    live === undefined
      ? ''
      : ` data-live="${escapeHtml(live.url)}" data-state="${escapeHtml(live.shown)}"`;
  // The script, where it runs, makes a comment of what follows it: that would take the reader's place away.
  const [head, script] =
    live === undefined ? [again, ''] : ['', `<script>${LIVE_SCRIPT}</script>\n${again}<!-- -->\n`];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${head}
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main${attributes}>
${main}
</main>
${script}</body>
</html>
`;
}

function refreshTag({ afterSeconds, to }: LookAgain): string {
  const where = to === undefined ? '' : `; url=${to}`;
  return `<meta http-equiv="refresh" content="${escapeHtml(`${afterSeconds}${where}`)}">`;
}
