import { ASKING_LINES } from '../asking-lines.js';
import { escapeHtml } from '../escape-html.js';
import type { TransactionReference } from '../api/transaction-ids.js';
import { asError } from '../errors.js';
import { isFromSameOrigin, type HttpRequest, type HttpResponse, headerOf } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import type { ReturnOutcome, ReturnState } from './outcome.js';
import {
  acceptsJson,
  contentSecurityPolicy,
  renderDocument,
  type HtmlDocument,
  type LookAgain,
} from './html.js';
import { defaultBody, pageFooter, pageHeader } from './page.js';
import { wordsFor } from './page-words.js';
import type { ResolvedReturnOptions } from './return-options.js';
import type { Language } from './words/language.js';

const STATUS: Readonly<Record<ReturnState, number>> = {
  paid: 200,
  waiting: 200,
  failed: 200,
  expired: 200,
  unknown: 404,
  invalid: 400,
};

/** How soon a page of no script looks again. */
const REFRESH_SECONDS = { success: 3, cancel: 10 } as const;
const LONGEST_REFRESH_SECONDS = 60;

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': contentSecurityPolicy(),
  'referrer-policy': 'no-referrer',
  vary: 'accept, accept-language',
  'x-content-type-options': 'nosniff',
} as const;

/** What {@link renderOutcome} shows, and how. */
export interface Rendering {
  readonly request: HttpRequest;
  readonly outcome: ReturnOutcome;
  readonly options: ResolvedReturnOptions;
  /** Of the page's words. */
  readonly language: Language;
  /** The page's style sheet, in the brand's colours. */
  readonly style: string;
  /** What the page is about; absent when the URL names nothing. */
  readonly reference?: TransactionReference | undefined;
  /** Whether more details may be known in a moment. @default false */
  readonly more?: boolean | undefined;
}

/** The answer for an outcome: JSON where it is asked for, else the configured redirect, else a page. */
export function renderOutcome(runtime: Runtime, rendering: Rendering): HttpResponse {
  const { request, outcome, options, language, style, more } = rendering;
  if (acceptsJson(headerOf(request.headers, 'accept'))) return outcomeJson(request, outcome);
  const location = options.redirects[outcome.state];
  if (location !== undefined) {
    return { status: 303, headers: { ...COMMON_HEADERS, location }, body: '' };
  }
  const { brand, csp } = options;
  const words = wordsFor(outcome, language, options.texts);
  const parts = { brand, retryUrl: options.retryUrl, words, language };
  const own = merchantBody(runtime, options, outcome);
  const isWaiting = outcome.state === 'waiting';
  const refresh = isWaiting ? lookAgain(request, refreshSeconds(outcome)) : undefined;
  const live = isWaiting ? liveOf(rendering) : undefined;
  const body = renderDocument({
    title: titleOf(words.title, rendering),
    main: own ?? defaultBody(outcome, parts),
    before: own === undefined ? pageHeader(parts) : '',
    after: own === undefined ? pageFooter(parts) : '',
    language,
    style,
    icon: brand?.logo,
    refresh,
    live,
    more,
    extras: own === undefined && outcome.state !== 'invalid',
  });
  const policy = contentSecurityPolicy({ style, liveUrl: live?.url, logo: brand?.logo, csp });
  return answer(request, outcome, {
    type: 'text/html',
    body,
    refreshAfter: refresh?.afterSeconds,
    policy,
  });
}

function titleOf(title: string, { options, language }: Rendering): string {
  const shop = options.brand?.name;
  return shop === undefined ? title : language.say('pageTitle', { title, shop });
}

/**
 * A page that goes on to itself at once. What another site's link opens comes without cookies that are `SameSite=Strict`;
 * what a page of this origin opens comes with them. It looks like any page that waits and says nothing about the payment.
 */
export function renderStep({
  request,
  outcome,
  options,
  language,
  style,
}: Omit<Rendering, 'reference'>): HttpResponse {
  const { title } = wordsFor(outcome, language, options.texts);
  const refresh = lookNow(request);
  const main = `<h1><a href="${escapeHtml(refresh.to)}">${escapeHtml(title)}</a></h1>`;
  const body = renderDocument({ title, main, refresh, language, style });
  const policy = contentSecurityPolicy({ style });
  return answer(request, outcome, { type: 'text/html', body, policy });
}

/** An outcome as JSON. It holds no customer data. */
export function outcomeJson(
  request: HttpRequest | undefined,
  outcome: ReturnOutcome,
): HttpResponse {
  const refreshAfter = outcome.state === 'waiting' ? refreshSeconds(outcome) : undefined;
  return answer(request, outcome, {
    type: 'application/json',
    body: toJson(outcome),
    refreshAfter,
  });
}

/** The answer to everything but GET and HEAD. */
export function methodNotAllowed(): HttpResponse {
  return {
    status: 405,
    headers: { ...COMMON_HEADERS, allow: 'GET, HEAD', 'content-type': 'text/plain; charset=utf-8' },
    body: 'This page answers GET and HEAD only.\n',
  };
}

interface Content {
  readonly type: string;
  readonly body: string;
  readonly refreshAfter?: number | undefined;
  readonly policy?: string | undefined;
}

function answer(
  request: HttpRequest | undefined,
  outcome: ReturnOutcome,
  content: Content,
): HttpResponse {
  const retry =
    content.refreshAfter === undefined ? {} : { 'retry-after': String(content.refreshAfter) };
  return {
    status: STATUS[outcome.state],
    headers: {
      ...COMMON_HEADERS,
      'content-security-policy': content.policy ?? COMMON_HEADERS['content-security-policy'],
      ...retry,
      'content-type': `${content.type}; charset=utf-8`,
    },
    body: request?.method === 'HEAD' ? '' : content.body,
  };
}

function refreshSeconds({ page, retryAfterMs = 0 }: ReturnOutcome): number {
  const asked = Math.min(Math.ceil(retryAfterMs / 1000), LONGEST_REFRESH_SECONDS);
  return Math.max(REFRESH_SECONDS[page], asked);
}

function toJson(outcome: ReturnOutcome): string {
  const { state, uuid, status, step, details, final, attemptFailed, trouble } = outcome;
  return JSON.stringify({ state, uuid, status, step, details, final, attemptFailed, trouble });
}

function liveOf({ request, outcome, options, reference }: Rendering): HtmlDocument['live'] {
  const { live } = options;
  if (live === false || reference === undefined) return undefined;
  const { state, step, attemptFailed, trouble } = outcome;
  const { uuid, type } = reference;
  const query = type === undefined ? '' : `?type=${encodeURIComponent(type)}`;
  const url = `${fromPage(live, request)}/${encodeURIComponent(uuid)}${query}`;
  // What the live status says is never this while there is trouble: its first word has the page fetched.
  const shown = [state, step, attemptFailed, ...(trouble === undefined ? [] : [trouble])].join(' ');
  return { url, shown };
}

/** Browsers take a page for a folder when its address ends in a slash. */
function fromPage(live: string, { url }: HttpRequest): string {
  const isFolder = /^[^?#]*\/(?:[?#]|$)/.test(url);
  const isRelative = !live.startsWith('/') && !/^[a-z][a-z\d+.-]*:/i.test(live);
  return isFolder && isRelative ? `../${live}` : live;
}

/** The body that the merchant renders; `undefined` when there is none: one that fails must not keep the customer from the truth. */
function merchantBody(
  { diagnostics }: Runtime,
  { render }: ResolvedReturnOptions,
  outcome: ReturnOutcome,
): string | undefined {
  if (render === undefined) return undefined;
  try {
    const body: unknown = render(outcome);
    if (typeof body === 'string') return body;
    void Promise.resolve(body).catch(() => undefined);
    diagnostics.say(ASKING_LINES, 'render_failed', { got: typeof body });
  } catch (thrown) {
    diagnostics.say(ASKING_LINES, 'render_failed', { err: asError(thrown) });
  }
  return undefined;
}

/** In a page's query: how often it has loaded itself again. */
const LOOKS = 'qbitflow-look';
const MOST_LOOKS = 99;
const LONGER_EACH_TIME = 1.5;
const LONGEST_SECONDS = 60;

/** How often the page has loaded itself again before this request. */
export function looksOf(request: HttpRequest): number {
  const counted = /^\d{1,2}$/.exec(
    partsOf(request.url)
      .find(isLooks)
      ?.slice(LOOKS.length + 1) ?? '',
  );
  if (counted !== null) return Number(counted[0]);
  return isFromSameOrigin(request) ? 1 : 0;
}

/**
 * The next look of a page that waits. It takes the reader's place away each time, so it comes less and less often; only
 * the address can count, and it does so from the second time on.
 */
export function lookAgain(request: HttpRequest, firstSeconds: number): LookAgain {
  const looks = looksOf(request);
  if (looks === 0) return { afterSeconds: firstSeconds };
  const later = firstSeconds * LONGER_EACH_TIME ** looks;
  const afterSeconds = Math.max(firstSeconds, Math.min(Math.round(later), LONGEST_SECONDS));
  return { afterSeconds, to: nextLook(request) };
}

/** The same place once more, as another address: what a page asks of its own origin brings all cookies. */
export function lookNow(request: HttpRequest): LookAgain & { readonly to: string } {
  return { afterSeconds: 0, to: nextLook(request) };
}

function nextLook(request: HttpRequest): string {
  const looks = Math.min(looksOf(request) + 1, MOST_LOOKS);
  // As it came, whatever is in it: `authorize` may go by more than the id.
  const others = partsOf(request.url).filter((part) => !isLooks(part));
  return `?${[...others, `${LOOKS}=${looks}`].join('&')}`;
}

function partsOf(url: string): string[] {
  const query = /\?([^#]*)/.exec(url)?.[1] ?? '';
  return query === '' ? [] : query.split('&');
}

function isLooks(part: string): boolean {
  return part.startsWith(`${LOOKS}=`);
}
