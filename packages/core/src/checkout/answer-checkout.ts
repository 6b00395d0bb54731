import { type ApiError, isApiError } from '../api/api-error.js';
import type { ErrorReporter } from '../error-reporter.js';
import { isQBitFlowError } from '../errors.js';
import type { HttpRequest, HttpResponse } from '../http/http.js';
import type { Checkout } from './checkout.js';
import {
  FAILED,
  methodNotAllowed,
  notAgain,
  NOTHING_TO_SELL,
  refusalAnswer,
  type Refusal,
  refusedParams,
  sessionAnswer,
  unavailable,
} from './checkout-answer.js';
import { invalidCheckout } from './invalid-checkout.js';
import type { CheckoutParams } from './params.js';
import type { CheckoutSession } from './session.js';

/** What is sold for a request: the merchant's own decision. `undefined` when there is nothing to sell for it. */
export type ToCheckoutParams = () =>
  Promise<CheckoutParams | undefined> | CheckoutParams | undefined;

/** What {@link answerCheckout} works with. */
export interface AnswerCheckoutDeps {
  readonly checkout: Checkout;
  readonly errors: Pick<ErrorReporter, 'report'>;
}

/**
 * Opens a session for a POST and sends the customer to its hosted page: a browser by a page that goes on by itself
 * (200), others by a redirect (303), or by JSON where that is preferred (201). Never rejects: what goes wrong is reported, and the customer's page tells nothing of it.
 */
export async function answerCheckout(
  { checkout, errors }: AnswerCheckoutDeps,
  request: HttpRequest,
  toParams: ToCheckoutParams,
): Promise<HttpResponse> {
  if (request.method !== 'POST') return methodNotAllowed();
  const fail = (error: unknown, refusal: Refusal): HttpResponse => {
    errors.report(error, { stage: 'checkout' });
    return refusalAnswer(request, refusal);
  };
  let params: CheckoutParams | undefined;
  try {
    params = await toParams();
  } catch (error) {
    // Whatever it is, an API's answer too, it is the merchant's code that failed.
    return fail(error, FAILED);
  }
  // Code without types also says null.
  if (params === undefined || params === null) return refusalAnswer(request, NOTHING_TO_SELL);
  try {
    return sessionAnswer(request, await open(checkout, params));
  } catch (error) {
    // A customer who presses a button again is no failure of anybody's.
    const needless = needlessness(error);
    return needless === undefined
      ? fail(error, refusalOf(error))
      : refusalAnswer(request, needless);
  }
}

function needlessness(error: unknown): Refusal | undefined {
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

function refusalOf(error: unknown): Refusal {
  if (isApiError(error)) return isForGood(error) ? FAILED : unavailable(error.retryAfterMs);
  if (isQBitFlowError(error) && error.code === 'invalid_checkout')
    return refusedParams(error.facts['fieldErrors']);
  return FAILED;
}

/** The API understood, and will say the same again: nobody is asked to come back for that. */
function isForGood({ status }: ApiError): boolean {
  return status === 400 || status === 422;
}
