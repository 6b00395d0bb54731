import { describe, expectTypeOf, it } from 'vitest';
import type { z } from 'zod';
import type {
  EVENT_TYPES,
  EventData,
  EventOf,
  KnownEventType,
  V2EventType,
  WebhookEvent,
} from '../../src/event/types.js';
import type { V1Body, V1TransactionWebhook, v1Schemas } from '../../src/protocol/v1/schemas.js';
import type { V2Envelope } from '../../src/protocol/v2/schemas.js';

/** The types that have a schema. */
type WithSchema = {
  [Type in KnownEventType]: (typeof EVENT_TYPES)[Type] extends { schema: () => z.ZodType }
    ? Type
    : never;
}[KnownEventType];
/** `uuid` is filled in after validation, and a `reference` that is null is left out. */
type WithoutIds<T> = {
  [Field in keyof T as Field extends 'uuid' | 'reference' ? never : Field]: T[Field];
};
type Validated<Type extends V2EventType> = WithoutIds<
  z.infer<ReturnType<(typeof EVENT_TYPES)[Type]['schema']>>
>;
type Misfits = {
  [Type in V2EventType]: Validated<Type> extends WithoutIds<EventData[Type]> ? never : Type;
}[V2EventType];
/** Declared fields of the event's data that no schema looks at, beside those declared unknown. */
type Named<T> = keyof { [Field in keyof T as string extends Field ? never : Field]: T[Field] };
type Unchecked = {
  [Type in V2EventType]: Exclude<
    Named<EventData[Type]>,
    Named<z.infer<ReturnType<(typeof EVENT_TYPES)[Type]['schema']>>>
  >;
}[V2EventType];

describe('schemas', () => {
  it('fit event/data.ts, type by type', () => {
    expectTypeOf<Misfits>().toEqualTypeOf<never>();
  });

  it('look at every declared field that is not unknown', () => {
    expectTypeOf<Unchecked>().toEqualTypeOf<'received'>();
  });

  it('know the types the union knows', () => {
    expectTypeOf<WithSchema>().toEqualTypeOf<V2EventType>();
  });

  it('fit the v1 bodies', () => {
    expectTypeOf<
      z.infer<ReturnType<typeof v1Schemas>['transactionWebhook']>
    >().toExtend<V1TransactionWebhook>();
  });
});

describe('WebhookEvent', () => {
  const event = {} as WebhookEvent;

  it('narrows by type', () => {
    if (event.type === 'payment.completed') {
      expectTypeOf(event.data.txHash).toEqualTypeOf<string | null | undefined>();
      expectTypeOf(event.raw).toEqualTypeOf<V1Body | V2Envelope>();
    }
    if (event.type === 'subscription.billingFailed')
      expectTypeOf(event.data.amountUsd).toEqualTypeOf<string | null | undefined>();
    if (event.type === 'subscription.upcomingBill')
      expectTypeOf(event.data.amountUsd).toEqualTypeOf<number | null | undefined>();
    if (event.type === 'refund.completed') {
      expectTypeOf(event.data.amountUsd).toEqualTypeOf<number | null | undefined>();
      expectTypeOf(event.data.paidUsd).toEqualTypeOf<number | null | undefined>();
      expectTypeOf(event.data.metadata?.blockData?.number).toEqualTypeOf<
        string | null | undefined
      >();
    }
    if (event.type === 'unknown') expectTypeOf(event.sentType).toBeString();
  });

  it('narrows by version', () => {
    if (event.version === 'v1') expectTypeOf(event.raw).toEqualTypeOf<V1Body>();
    if (event.version === 'v2') expectTypeOf(event.raw).toEqualTypeOf<V2Envelope>();
    expectTypeOf<EventOf<'refund.denied'>['version']>().toEqualTypeOf<'v2'>();
    expectTypeOf<EventOf<'transaction.updated'>['version']>().toEqualTypeOf<'v1'>();
  });
});
