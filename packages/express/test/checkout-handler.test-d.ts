import type { CheckoutParams, QBitFlow } from '@qbitflow/core';
import type { Express, Request, RequestHandler } from 'express';
import { expectTypeOf, test } from 'vitest';
import { checkoutHandler } from '../src/index.js';

declare const qbitflow: QBitFlow;

test('it is what Express takes, and gets what Express gives', () => {
  const toParams = async (request: Request): Promise<CheckoutParams | undefined> =>
    request.query['product'] === 'tea' ? { productName: 'Tea', price: 4.5 } : undefined;
  expectTypeOf(checkoutHandler(qbitflow, toParams)).toExtend<RequestHandler>();
  const mount = (app: Express) => app.post('/buy', checkoutHandler(qbitflow, toParams));
  expectTypeOf(mount).toBeFunction();
});

test('a product without a price does not compile', () => {
  // @ts-expect-error -- no price
  expectTypeOf(checkoutHandler(qbitflow, () => ({ productName: 'Tea' }))).toBeFunction();
});
