import { Unrecoverable } from '../errors.js';
import { isJsonObject } from '../protocol/json.js';
import type { EventOf } from './types.js';

/** The events that carry the merchant's own id: of an order, or of a subscription. */
export type ReferencedEvent = EventOf<
  | 'payment.completed'
  | 'subscription.created'
  | 'subscription.billed'
  | 'subscription.statusChanged'
  | 'subscription.actionRequiredChanged'
  | 'subscription.billingFailed'
  | 'subscription.upcomingBill'
  | 'checkout.expired'
  | 'transaction.updated'
>;

/**
 * The merchant's own id of what an event is about: the `reference` that its checkout was opened with, of a bill that of its
 * subscription. For handlers that cannot do without it; where payments without an order are usual (payment links), look at
 * `event.data.reference` instead.
 * @throws {Unrecoverable} Where the event names none: no further attempt can help, so the delivery is a dead letter that says why.
 * @example
 * ```js
 * import { createQBitFlow, requireReference } from '@qbitflow/core';
 *
 * const orders = new Map([['order-1001', { paid: false }]]);
 * const qbitflow = createQBitFlow();
 * qbitflow.on('payment.completed', async (event) => {
 *   orders.set(requireReference(event), { paid: true }); // a string, never undefined
 * });
 * ```
 */
export function requireReference({ type, key, data }: ReferencedEvent): string {
  const reference = type === 'subscription.billed' ? data.subscriptionReference : data.reference;
  if (typeof reference === 'string' && reference !== '') return reference;
  throw new Unrecoverable(
    `${key} names no reference: its checkout was opened without one, as payment links and the dashboard do. Open checkouts with a reference (createPayment({ reference: order.id, … })), or look at event.data.reference, which may be absent, instead of requireReference(event)`,
  );
}

/** Data as sent, in which a `reference` that is null is absent: it means the same, and merchants have one case less. */
export function withoutNullReference(data: unknown): unknown {
  if (!isJsonObject(data) || data['reference'] !== null) return data;
  const { reference: _null, ...others } = data;
  return others;
}
