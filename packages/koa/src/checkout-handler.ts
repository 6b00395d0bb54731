import { checkoutEndpoint, type CheckoutParams, type QBitFlow } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { toHandler } from './to-handler.js';

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * Throws `misconfigured` without a kit or a function.
 * @example router.post('/buy', checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 })));
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (ctx: Context) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): Middleware {
  const endpointFor = checkoutEndpoint(qbitflow, toParams);
  return async (ctx, next) => {
    await toHandler(endpointFor(ctx))(ctx, next);
  };
}
