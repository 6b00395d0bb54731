import { statusOf, isQBitFlowError } from '../errors.js';
import { isNavigation, headerOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import { type ApiError, isApiError } from '../api/api-error.js';
import {
  acceptsJson,
  contentSecurityPolicy,
  escapeHtml,
  type HtmlDocument,
  renderDocument,
} from '../return-page/html.js';
import type { Runtime } from '../runtime.js';
import type { Checkout } from './checkout.js';
import type { CheckoutParams } from './params.js';
import { type CheckoutSession, invalidCheckout } from './session.js';

/** What is sold for a request: the merchant's own decision. `undefined` when there is nothing to sell for it. */
export type ToCheckoutParams = () =>
  Promise<CheckoutParams | undefined> | CheckoutParams | undefined;

/**
 * Opens a session for a POST and sends the customer to its hosted page: a browser by a page that goes on by itself
 * (200), others by a redirect (303), or by JSON where that is preferred (201). Never rejects: what goes wrong is reported, and
 * the customer's page tells nothing of it.
 */
export function createCheckoutHandler(
  { errors }: Runtime,
  checkout: Checkout,
): (request: HttpRequest, toParams: ToCheckoutParams) => Promise<HttpResponse> {
  return async (request, toParams) => {
    if (request.method !== 'POST') return methodNotAllowed();
    const fail = (error: unknown, rejection: Rejection): HttpResponse => {
      errors.report(error, { stage: 'checkout' });
      return rejectionResponse(request, rejection);
    };
    let params: CheckoutParams | undefined;
    try {
      params = await toParams();
    } catch (error) {
      // Whatever it is, an API's answer too, it is the merchant's code that failed.
      return fail(error, FAILED);
    }
    // Code without types also says null.
    if (params === undefined || params === null) return rejectionResponse(request, NOTHING_TO_SELL);
    try {
      return sessionResponse(request, await open(checkout, params));
    } catch (error) {
      // A customer who presses a button again is no failure.
      const needless = needlessness(error);
      return needless === undefined
        ? fail(error, rejectionOf(error))
        : rejectionResponse(request, needless);
    }
  };
}

function needlessness(error: unknown): Rejection | undefined {
  if (!isQBitFlowError(error)) return undefined;
  const { code, facts } = error;
  if (code !== 'already_paid' && code !== 'payment_in_progress') return undefined;
  return notAgain(code, facts['uuid']);
}

async function open(checkout: Checkout, params: CheckoutParams): Promise<CheckoutSession> {
  if (params.kind === 'subscription') {
    const { kind: _kind, ...terms } = params;
    return checkout.createSubscription(terms);
  }
  const { kind = 'payment', ...terms } = params;
  if (kind === 'payment') return checkout.createPayment(terms);
  throw invalidCheckout([{ field: 'kind', message: 'must be payment or subscription' }]);
}

function rejectionOf(error: unknown): Rejection {
  if (isApiError(error)) return isForGood(error) ? FAILED : unavailable(error.retryAfterMs);
  if (isQBitFlowError(error) && error.code === 'invalid_checkout')
    return rejectedParams(error.facts['fieldErrors']);
  return FAILED;
}

/** The API understood, and will say the same again: so the customer is not asked to come back. */
function isForGood({ status }: ApiError): boolean {
  return status === 400 || status === 422;
}

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
export interface Rejection {
  readonly status: number;
  readonly title: string;
  readonly line: string;
  readonly json: Readonly<Record<string, unknown>>;
  /** Seconds until it makes sense to come again. */
  readonly retryAfter?: number | undefined;
}

/** The merchant's code found nothing to sell. */
export const NOTHING_TO_SELL: Rejection = {
  status: statusOf('invalid_checkout'),
  title: 'Nothing to pay for',
  line: 'This order could not be found. Please go back to the shop and try again.',
  json: { error: 'nothing to sell for this request' },
};

/** Something in the merchant's code or configuration is wrong. */
export const FAILED: Rejection = {
  status: statusOf('internal'),
  title: 'The checkout could not be opened',
  line: 'Something went wrong, and nothing was paid. Please contact the shop.',
  json: { error: 'the checkout could not be opened' },
};

/** The parameters were refused; the field errors are for programs only. */
export function rejectedParams(fieldErrors: unknown): Rejection {
  return {
    ...FAILED,
    status: statusOf('invalid_checkout'),
    json: { error: 'invalid checkout', fieldErrors: fieldErrors ?? [] },
  };
}

/** The order needs no checkout: its money is there, or on its way. Programs are told whose. */
export function notAgain(code: 'already_paid' | 'payment_in_progress', uuid: unknown): Rejection {
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
export function unavailable(retryAfterMs = 0): Rejection {
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
export function sessionResponse(request: HttpRequest, session: CheckoutSession): HttpResponse {
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
export function rejectionResponse(request: HttpRequest, rejection: Rejection): HttpResponse {
  const { status, title, line, retryAfter } = rejection;
  const retry = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
  if (wantsJson(request)) return json(status, rejection.json, retry);
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
