import { statusOf } from '../errors.js';
import { isNavigation } from '../http/fetch-metadata.js';
import { headerOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import {
  acceptsJson,
  contentSecurityPolicy,
  escapeHtml,
  renderDocument,
  type HtmlDocument,
} from '../return-page/html.js';
import type { CheckoutSession } from './session.js';

const COMMON_HEADERS = {
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  vary: 'accept',
  'x-content-type-options': 'nosniff',
} as const;

const OK = 200;
const OPENED = 201;
const SEE_OTHER = 303;
const RETRY_SECONDS = { shortest: 5, longest: 3600 } as const;

/** Why no checkout was opened: words for the customer, and what a program may know. */
export interface Refusal {
  readonly status: number;
  readonly title: string;
  readonly line: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Seconds until it makes sense to come again. */
  readonly retryAfter?: number | undefined;
}

/** The merchant's code found nothing to sell. */
export const NOTHING_TO_SELL: Refusal = {
  status: statusOf('invalid_checkout'),
  title: 'Nothing to pay for',
  line: 'This order could not be found. Please go back to the shop and try again.',
  json: { error: 'nothing to sell for this request' },
};

/** Something in the merchant's code or configuration is wrong. */
export const FAILED: Refusal = {
  status: statusOf('internal'),
  title: 'The checkout could not be opened',
  line: 'Something went wrong, and nothing was paid. Please contact the shop.',
  json: { error: 'the checkout could not be opened' },
};

/** The parameters were refused; the field errors are for programs only. */
export function refusedParams(fieldErrors: unknown): Refusal {
  return {
    ...FAILED,
    status: statusOf('invalid_checkout'),
    json: { error: 'invalid checkout', fieldErrors: fieldErrors ?? [] },
  };
}

/** The order needs no checkout: its money is there, or on its way. Programs are told whose. */
export function notAgain(code: 'already_paid' | 'payment_in_progress', uuid: unknown): Refusal {
  const status = statusOf(code);
  return code === 'already_paid'
    ? { status, ...PAID, json: { error: 'already paid', uuid } }
    : { status, ...ON_ITS_WAY, json: { error: 'payment in progress', uuid } };
}

const PAID = {
  title: 'This order is paid already',
  line: 'There is nothing more to pay. Please go back to the shop to see your order.',
} as const;

const ON_ITS_WAY = {
  title: 'Your payment is on its way',
  line: 'There is nothing more to pay. Please go back to the shop: your order will show it soon.',
} as const;

/** The API did not open it, for now. */
export function unavailable(retryAfterMs = 0): Refusal {
  const { shortest, longest } = RETRY_SECONDS;
  return {
    status: statusOf('api_unreachable'),
    title: 'The checkout is not available',
    line: 'Nothing was paid. Please go back to the shop and try again in a moment.',
    json: { error: 'the checkout is not available, try again later' },
    retryAfter: Math.min(Math.max(Math.ceil(retryAfterMs / 1000), shortest), longest),
  };
}

/**
 * Sends the customer on to the hosted page, or tells a program where it is. A browser that follows a form is sent on by
 * a page of the shop's own: where the shop's policy says `form-action 'self'` (helmet does) it would cancel a redirect.
 */
export function sessionAnswer(request: HttpRequest, session: CheckoutSession): HttpResponse {
  const { uuid, link, expiresAt } = session;
  if (wantsJson(request)) return json(OPENED, { uuid, link, expiresAt });
  if (isNavigation(request)) return goOnPage(link);
  return { status: SEE_OTHER, headers: { ...COMMON_HEADERS, location: link }, body: '' };
}

/** Goes nowhere but to the link that the API gave. */
function goOnPage(link: string): HttpResponse {
  const { host } = new URL(link);
  const title = 'Going on to the checkout';
  const main = `<h1>${title}</h1>\n<p><a href="${escapeHtml(link)}">Go on to ${escapeHtml(host)}</a></p>`;
  return html(OK, { title, main, refresh: { afterSeconds: 0, to: link } });
}

/** Tells why there is no checkout: JSON where it is asked for, else a page. */
export function refusalAnswer(request: HttpRequest, refusal: Refusal): HttpResponse {
  const { status, title, line, retryAfter } = refusal;
  const retry = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
  if (wantsJson(request)) return json(status, refusal.json, retry);
  const main = `<h1>${escapeHtml(title)}</h1>\n<p>${escapeHtml(line)}</p>`;
  return html(status, { title, main }, retry);
}

function html(
  status: number,
  document: HtmlDocument,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: {
      ...COMMON_HEADERS,
      ...headers,
      'content-security-policy': contentSecurityPolicy(),
      'content-type': 'text/html; charset=utf-8',
    },
    body: renderDocument(document),
  };
}

/** The answer to everything but POST. */
export function methodNotAllowed(): HttpResponse {
  return {
    status: statusOf('method_not_allowed'),
    headers: { ...COMMON_HEADERS, allow: 'POST', 'content-type': 'text/plain; charset=utf-8' },
    body: 'A checkout is opened with POST only.\n',
  };
}

function wantsJson(request: HttpRequest): boolean {
  return acceptsJson(headerOf(request.headers, 'accept'));
}

function json(
  status: number,
  value: object,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: {
      ...COMMON_HEADERS,
      ...headers,
      'content-type': 'application/json; charset=utf-8',
    },
    body: JSON.stringify(value),
  };
}
