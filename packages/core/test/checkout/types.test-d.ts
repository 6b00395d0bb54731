import type { Checkout, CheckoutParams, CheckoutSession } from '@qbitflow/core';
import { expectTypeOf, test } from 'vitest';

declare const checkout: Checkout;

test('each product form is taken by itself', () => {
  expectTypeOf(checkout.createPayment({ productId: 1 })).resolves.toEqualTypeOf<CheckoutSession>();
  expectTypeOf(checkout.createPayment({ productUuid: 'p' })).toBeObject();
  expectTypeOf(checkout.createPayment({ productReference: 'p' })).toBeObject();
  expectTypeOf(checkout.createPayment({ productName: 'Tea', price: 1 })).toBeObject();
});

test('no form, two forms, half a form and misspelt names do not compile', () => {
  // @ts-expect-error -- no product
  expectTypeOf(checkout.createPayment({ reference: 'order-1' })).toBeObject();
  // @ts-expect-error -- two products
  expectTypeOf(checkout.createPayment({ productId: 1, productReference: 'p' })).toBeObject();
  // @ts-expect-error -- no price
  expectTypeOf(checkout.createPayment({ productName: 'Tea' })).toBeObject();
  // @ts-expect-error -- v1's spelling
  expectTypeOf(checkout.createPayment({ productId: 1, customerUUID: 'c' })).toBeObject();
  // @ts-expect-error -- a subscription's term
  expectTypeOf(checkout.createPayment({ productId: 1, minPeriods: 2 })).toBeObject();
});

test('a subscription has terms', () => {
  const frequency = { value: 1, unit: 'months' } as const;
  expectTypeOf(checkout.createSubscription({ productId: 1, frequency })).toBeObject();
  expectTypeOf({
    kind: 'subscription',
    productId: 1,
    frequency,
  } as const).toExtend<CheckoutParams>();
  expectTypeOf({ productId: 1 }).toExtend<CheckoutParams>();
});

test('what is 0 needs no unit, what is more does', () => {
  expectTypeOf(
    checkout.createSubscription({ productId: 1, trialPeriod: { value: 0 }, minPeriods: 0 }),
  ).toBeObject();
  const trialPeriod = { value: 7 } as const;
  // @ts-expect-error -- no unit
  expectTypeOf(checkout.createSubscription({ productId: 1, trialPeriod })).toBeObject();
});

test('fees are for payments', () => {
  const fees = { processingFee: true, items: [{ label: 'Shipping', amountUsd: '0.50' }] };
  expectTypeOf(checkout.createPayment({ productId: 1, fees })).toBeObject();
  // @ts-expect-error -- QBitFlow takes none on subscriptions
  expectTypeOf(checkout.createSubscription({ productId: 1, fees })).toBeObject();
});

test('a session is replaced by its uuid', () => {
  expectTypeOf(checkout.createPayment({ productId: 1, replaces: 'pay@1' })).toBeObject();
  // @ts-expect-error -- a session
  expectTypeOf(checkout.createPayment({ productId: 1, replaces: { uuid: 'pay@1' } })).toBeObject();
});
