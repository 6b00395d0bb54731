import { statusOf, isQBitFlowError } from '../errors.js';
import { isNavigation, headerOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import { type ApiError, isApiError } from '../api/api-error.js';
import { acceptsJson } from '../return-page/html.js';
import { ICONS } from '../return-page/icons.js';
import { createNoticePages, type Notice, type RenderedPage } from '../return-page/notice.js';
import { createLanguages } from '../return-page/words/languages.js';
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
  runtime: Runtime,
  checkout: Checkout,
): (request: HttpRequest, toParams: ToCheckoutParams) => Promise<HttpResponse> {
  const { errors } = runtime;
  const answers = createAnswers(runtime);
  return async (request, toParams) => {
    if (request.method !== 'POST') return methodNotAllowed();
    const fail = async (error: unknown, rejection: Rejection): Promise<HttpResponse> => {
      errors.report(error, { stage: 'checkout' });
      return answers.rejected(request, rejection);
    };
    let params: CheckoutParams | undefined;
    try {
      params = await toParams();
    } catch (error) {
      // Whatever it is, an API's answer too, it is the merchant's code that failed.
      return fail(error, FAILED);
    }
    // Code without types also says null.
    if (params === undefined || params === null) return answers.rejected(request, NOTHING_TO_SELL);
    try {
      return await answers.opened(request, await open(checkout, params));
    } catch (error) {
      // A customer who presses a button again is no failure.
      const needless = needlessness(error);
      return needless === undefined
        ? fail(error, rejectionOf(error))
        : answers.rejected(request, needless);
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
interface Rejection {
  readonly status: number;
  readonly notice: Notice;
  readonly json: Readonly<Record<string, unknown>>;
  /** Seconds until it makes sense to come again. */
  readonly retryAfter?: number | undefined;
}

/** The merchant's code found nothing to sell. */
const NOTHING_TO_SELL: Rejection = {
  status: statusOf('invalid_checkout'),
  notice: { icon: ICONS.unknown, title: 'checkoutFailedTitle', line: 'noOrderLine' },
  json: { error: 'nothing to sell for this request' },
};

/** Something in the merchant's code or configuration is wrong. */
const FAILED: Rejection = {
  status: statusOf('internal'),
  notice: { icon: ICONS.failed, title: 'checkoutFailedTitle', line: 'checkoutFailedLine' },
  json: { error: 'the checkout could not be opened' },
};

/** The parameters were refused; the field errors are for programs only. */
function rejectedParams(fieldErrors: unknown): Rejection {
  return {
    ...FAILED,
    status: statusOf('invalid_checkout'),
    json: { error: 'invalid checkout', fieldErrors: fieldErrors ?? [] },
  };
}

/** The order needs no checkout: its money is there, or on its way. Programs are told whose. */
function notAgain(code: 'already_paid' | 'payment_in_progress', uuid: unknown): Rejection {
  const status = statusOf(code);
  if (code === 'payment_in_progress')
    return { status, notice: ON_ITS_WAY, json: { error: 'payment in progress', uuid } };
  const notice = String(uuid).startsWith('sub@') ? SUBSCRIBED : PAID;
  return { status, notice, json: { error: 'already paid', uuid } };
}

/** What the return page says of the same. */
const PAID = { icon: ICONS.paid, title: 'paidTitle', line: 'paidLine' } as const;
const SUBSCRIBED = {
  icon: ICONS.paid,
  title: 'subscribedTitle',
  line: 'subscribedLine',
} as const;
const ON_ITS_WAY = { icon: ICONS.waiting, title: 'waitingTitle', line: 'sentLine' } as const;

/** The API did not open it, for now. */
function unavailable(retryAfterMs = 0): Rejection {
  const { shortest, longest } = RETRY_SECONDS;
  return {
    status: statusOf('api_unreachable'),
    notice: { icon: ICONS.attention, title: 'checkoutFailedTitle', line: 'checkoutAwayLine' },
    json: { error: 'the checkout is not available, try again later' },
    retryAfter: Math.min(Math.max(Math.ceil(retryAfterMs / 1000), shortest), longest),
  };
}

interface CheckoutAnswers {
  opened(request: HttpRequest, session: CheckoutSession): Promise<HttpResponse>;
  rejected(request: HttpRequest, rejection: Rejection): Promise<HttpResponse>;
}

/** Answers in the shop's brand and the customer's language, or as JSON where that is asked for. */
function createAnswers({ settings, diagnostics }: Runtime): CheckoutAnswers {
  const pages = createNoticePages(settings.pages);
  const languages = createLanguages('the checkout', settings.pages.locales);

  return {
    /**
     * A browser that follows a form is sent on by a page of the shop's own: where the shop's policy says `form-action
     * 'self'` (helmet does) it would cancel a redirect.
     */
    async opened(request, { uuid, link, expiresAt }) {
      if (wantsJson(request)) return json(OPENED, { uuid, link, expiresAt });
      if (!isNavigation(request)) return seeOther(link);
      return html(OK, pages.goOn(link, await languages.of(request, diagnostics)));
    },
    async rejected(request, { status, notice, json: told, retryAfter }) {
      const retry = retryAfter === undefined ? undefined : { 'retry-after': String(retryAfter) };
      if (wantsJson(request)) return json(status, told, retry);
      return html(status, pages.say(notice, await languages.of(request, diagnostics)), retry);
    },
  };
}

function html(
  status: number,
  { body, policy }: RenderedPage,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse {
  return {
    status,
    headers: {
      ...COMMON_HEADERS,
      ...headers,
      vary: 'accept, accept-language',
      'content-security-policy': policy,
      'content-type': 'text/html; charset=utf-8',
    },
    body,
  };
}

/** The answer to everything but POST. */
function methodNotAllowed(): HttpResponse {
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

/** Says where to in the body too: who tries the shop out in a terminal sees no headers. */
function seeOther(link: string): HttpResponse {
  return {
    status: SEE_OTHER,
    headers: { ...COMMON_HEADERS, location: link, 'content-type': 'text/plain; charset=utf-8' },
    body: `${link}\n`,
  };
}
