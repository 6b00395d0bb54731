import type { ToCheckoutParams } from '../checkout/answer-checkout.js';
import type { HttpRequest, HttpResponse } from '../http.js';
import type { QBitFlow } from '../kit.js';

/**
 * Opens the checkout a POST asks for: 303 to the hosted page, or JSON (201) where that is preferred. What is sold, and
 * for how much, is what `toParams` says. Never rejects.
 */
export async function openCheckout(
  qbitflow: QBitFlow,
  request: HttpRequest,
  toParams: ToCheckoutParams,
): Promise<HttpResponse> {
  return qbitflow.answerCheckout(request, toParams);
}
