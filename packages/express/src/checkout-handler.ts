import { checkoutEndpoint, type CheckoutParams, type QBitFlow } from '@qbitflow/core';
import type { Request, RequestHandler } from 'express';
import { toHandler } from './to-handler.js';

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * Throws `misconfigured` without a kit or a function.
 * @example app.post('/buy', checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 })));
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (request: Request) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): RequestHandler {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return (request, response, next) => {
    toHandler(endpointFor(request))(request, response, next);
  };
}
