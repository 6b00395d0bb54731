import { Router } from '@koa/router';
import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import type { Context, Middleware } from 'koa';
import { expectTypeOf, test } from 'vitest';
import { checkoutHandler } from '../src/index.js';

declare const qbitflow: QBitFlow;

test('it is what Koa takes, and gets what Koa gives', () => {
  const toParams = async (ctx: Context): Promise<CheckoutParams | undefined> =>
    ctx.query['product'] === 'tea' ? { productName: 'Tea', price: 4.5 } : undefined;
  expectTypeOf(checkoutHandler(qbitflow, toParams)).toExtend<Middleware>();
  const mount = () => new Router().post('/buy', checkoutHandler(qbitflow, toParams));
  expectTypeOf(mount).toBeFunction();
});

test('a product without a price does not compile', () => {
  // @ts-expect-error -- no price
  expectTypeOf(checkoutHandler(qbitflow, () => ({ productName: 'Tea' }))).toBeFunction();
});
