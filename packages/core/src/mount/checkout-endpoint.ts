import type { ToCheckoutParams } from '../checkout/answer-checkout.js';
import type { HttpRequest, HttpResponse } from '../http.js';
import type { QBitFlow } from '../kit.js';

/**
 * Opens the checkout a POST asks for. A browser that submits a form gets a page that goes on to the hosted one by itself
 * (200), which no `form-action` policy cancels; other callers get a redirect (303), and JSON (201) where that is
 * preferred. What is sold, and for how much, is what `toParams` says. Never rejects.
 */
export async function openCheckout(
  qbitflow: QBitFlow,
  request: HttpRequest,
  toParams: ToCheckoutParams,
): Promise<HttpResponse> {
  return qbitflow.answerCheckout(request, toParams);
}
