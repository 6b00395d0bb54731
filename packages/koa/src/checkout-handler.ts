import { openCheckout, type CheckoutParams, type QBitFlow } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { toHandler } from './to-handler.js';

/**
 * Opens the checkout a POST asks for and sends the customer there. What is sold, and for how much, is what `toParams`
 * says: take prices from your own records, never from the request. `undefined` when there is nothing to sell.
 * @example router.post('/buy', checkoutHandler(qbitflow, () => ({ productName: 'Tea', price: 4.5 })));
 */
export function checkoutHandler(
  qbitflow: QBitFlow,
  toParams: (ctx: Context) => Promise<CheckoutParams | undefined> | CheckoutParams | undefined,
): Middleware {
  return async (ctx, next) => {
    const handler = toHandler((asked) => openCheckout(qbitflow, asked, () => toParams(ctx)));
    await handler(ctx, next);
  };
}
