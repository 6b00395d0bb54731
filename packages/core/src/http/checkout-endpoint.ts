import { QBitFlowError } from '../errors.js';
import type { ToCheckoutParams } from '../checkout/respond.js';
import type { HttpRequest, HttpResponse } from './http.js';
import type { QBitFlow } from '../kit.js';
import { endpointOf, type Endpoint } from './routes.js';

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
  return qbitflow.handleCheckout(request, toParams);
}

/**
 * For an adapter: the endpoint that opens the checkout a request asks for, where `toParams` takes what the framework
 * makes of the request. Throws `misconfigured` without a kit or a function.
 */
export function checkoutEndpoint<Asked>(
  qbitflow: QBitFlow,
  toParams: (asked: Asked) => ReturnType<ToCheckoutParams>,
): (asked: Asked) => Endpoint {
  const endpointFor = (asked: Asked): Endpoint =>
    endpointOf(qbitflow, (request) => openCheckout(qbitflow, request, () => toParams(asked)));
  endpointOf(qbitflow, (request) => qbitflow.handleWebhook(request));
  if (typeof toParams !== 'function')
    throw new QBitFlowError(
      'misconfigured',
      "a checkout needs a function that says what is sold, e.g. checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 }))",
    );
  return endpointFor;
}
