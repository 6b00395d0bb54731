import type { CheckoutParams, EventOf, QBitFlow } from '@qbitflow/core';
import { expectTypeOf, test } from 'vitest';
import { checkoutHandler, OnQBitFlow, type PlatformRequest } from '../src/index.js';

declare const qbitflow: QBitFlow;

test('a decorated method takes the event that it is decorated with', () => {
  class Orders {
    @OnQBitFlow('payment.completed')
    async ship(event: EventOf<'payment.completed'>): Promise<void> {
      expectTypeOf(event.data.uuid).toBeString();
    }

    @OnQBitFlow('checkout.expired')
    release(): void {}
  }
  expectTypeOf(Orders).toBeConstructibleWith();
});

test('a method that takes another event, and a type that is none, do not compile', () => {
  class Wrong {
    // @ts-expect-error -- a payment is no refund
    @OnQBitFlow('refund.completed')
    ship(event: EventOf<'payment.completed'>): unknown {
      return event;
    }

    // @ts-expect-error -- no such type
    @OnQBitFlow('payment.complete')
    typo(): void {}
  }
  expectTypeOf(Wrong).toBeConstructibleWith();
});

test("a checkout gets the platform's request", () => {
  interface Asked {
    readonly raw: Extract<PlatformRequest, { readonly raw: unknown }>['raw'];
    readonly params: { readonly id: string };
  }
  const toParams = ({ params }: Asked): CheckoutParams => ({ productName: params.id, price: 4.5 });
  expectTypeOf(checkoutHandler(qbitflow, toParams)).toBeFunction();
  // @ts-expect-error -- no price
  expectTypeOf(checkoutHandler(qbitflow, () => ({ productName: 'Tea' }))).toBeFunction();
});
