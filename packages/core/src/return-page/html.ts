import { createHash } from 'node:crypto';
import { escapeHtml } from '../escape-html.js';
import type { CspAdditions } from './csp-additions.js';
import { PAGE_SCRIPT, PAGE_SCRIPT_HASH } from './page-script.js';
import { pageStyle } from './style.js';
import type { Language } from './words/language.js';

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

/** The style of pages that have no brand. */
const PLAIN_STYLE = pageStyle();

/** The host of an absolute URL as a source of a policy: with its scheme, or with that of the page (`//host`). */
const HOST = /^(?:(https?:\/\/)|\/\/)((?:[\w.-]+|\[[\da-f:.]+\])(?::\d+)?)(?=[/?#]|$)/i;

/** What a page's policy lets it load beside what it brings with it. */
export interface PolicyOptions {
  /** The page's one style sheet. @default that of pages without a brand */
  readonly style?: string | undefined;
  /** Where the script listens, which may be another origin. */
  readonly liveUrl?: string | undefined;
  /** Where the brand's picture comes from: a URL, a path, or a `data:` URL. */
  readonly logo?: string | undefined;
  /** Checked sources of the merchant's own. */
  readonly csp?: CspAdditions | undefined;
}

/**
 * The policy of a page: our one style and our one script by their hashes, no form, nothing loaded from elsewhere but what
 * the options name; shown in frames of its own origin only.
 */
export function contentSecurityPolicy({
  style = PLAIN_STYLE,
  liveUrl = '',
  logo,
  csp = {},
}: PolicyOptions = {}): string {
  // Nothing but a host gets in, whatever the option says: a policy has separators of its own.
  const [, scheme = '', host = ''] = HOST.exec(liveUrl) ?? [];
  const hash = createHash('sha256').update(style).digest('base64');
  const { 'style-src': styles = [], 'img-src': images = [], ...others } = csp;
  const pictures = [...new Set([...(logo === undefined ? [] : [sourceOf(logo)]), ...images])];
  return [
    "default-src 'none'",
    [`style-src 'sha256-${hash}'`, ...styles].join(' '),
    `script-src ${PAGE_SCRIPT_HASH}`,
    `connect-src 'self'${host === '' ? '' : ` ${scheme}${host}`}`,
    ...(pictures.length === 0 ? [] : [`img-src ${pictures.join(' ')}`]),
    ...Object.entries(others).map(([directive, sources]) => [directive, ...sources].join(' ')),
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** Where a checked picture comes from, as a source. */
function sourceOf(logo: string): string {
  if (/^data:/i.test(logo)) return 'data:';
  return logo.startsWith('/') ? "'self'" : new URL(logo).origin;
}

/** When and where a page loads itself again, where no script does better. */
export interface LookAgain {
  readonly afterSeconds: number;
  /** Absent for the same place. */
  readonly to?: string | undefined;
}

/** A document around `main`, which is HTML already, as `before` and `after` are; everything else is text. */
export interface HtmlDocument {
  readonly title: string;
  readonly main: string;
  /** What stands around `main`. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** @default English */
  readonly language?: Pick<Language, 'locale' | 'dir'> | undefined;
  /** @default that of pages without a brand */
  readonly style?: string | undefined;
  /** Of the browser's tab. */
  readonly icon?: string | undefined;
  /** When the browser goes on by itself, and where to. */
  readonly refresh?: LookAgain | undefined;
  /** Where live updates come from, and what the page shows now. */
  readonly live?: { readonly url: string; readonly shown: string } | undefined;
  /** Whether more may be known in a moment, without anything having happened. @default false */
  readonly more?: boolean | undefined;
  /** Whether the page has what the script makes nicer: times, buttons that copy and print. @default false */
  readonly extras?: boolean | undefined;
}

/** The whole document. */
export function renderDocument(document: HtmlDocument): string {
  const { title, main, before = '', after = '', refresh, live, more, extras } = document;
  const { language = ENGLISH, style = PLAIN_STYLE, icon } = document;
  const again = refresh === undefined ? '' : refreshTag(refresh);
  const attributes = [
    live && ` data-live="${escapeHtml(live.url)}" data-state="${escapeHtml(live.shown)}"`,
    more && ' data-more="1"',
  ];
  const hasScript = live !== undefined || more === true || extras === true;
  const script = hasScript ? `<script>${PAGE_SCRIPT}</script>\n` : '';
  // The script, where it runs, makes a comment of what follows it: that would take the reader's place away.
  const [inHead, inBody] = live === undefined ? [again, ''] : ['', `${again}<!-- -->\n`];
  const said = extras === true ? '<div class="said" aria-live="polite"></div>\n' : '';
  const tabIcon = icon === undefined ? '' : `<link rel="icon" href="${escapeHtml(icon)}">\n`;
  return `<!doctype html>
<html lang="${escapeHtml(language.locale)}"${language.dir === 'rtl' ? ' dir="rtl"' : ''}>
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${inHead}
<title>${escapeHtml(title)}</title>
${tabIcon}<style>${style}</style>
</head>
<body>
${before}<main${attributes.filter(Boolean).join('')}>
${main}
</main>
${after}${said}${script}${inBody}</body>
</html>
`;
}

const ENGLISH = { locale: 'en', dir: 'ltr' } as const;

function refreshTag({ afterSeconds, to }: LookAgain): string {
  const where = to === undefined ? '' : `; url=${to}`;
  return `<meta http-equiv="refresh" content="${escapeHtml(`${afterSeconds}${where}`)}">`;
}
