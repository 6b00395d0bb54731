import type { NewDelivery } from '@qbitflow/core';

/** A recorded payment; every number makes another one. */
export function payment(number: number, changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    key: `payment.completed:pay@${number}`,
    subject: `pay@${number}`,
    id: `evt_${number}`,
    type: 'payment.completed',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(`{"id":"evt_${number}"}`),
    headers: { 'qbitflow-event-id': `evt_${number}` },
    receivedAt: 1_790_856_000_000,
    ...changes,
  };
}

/** The key of {@link payment}. */
export const keyOf = (number: number): string => payment(number).key;
