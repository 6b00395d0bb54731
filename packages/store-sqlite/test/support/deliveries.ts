import type { DurableStore, NewDelivery, TakenDelivery } from '@qbitflow/core';

/** A delivery like any other; the number makes its key. */
export function delivery(number: number | string, changes: Partial<NewDelivery> = {}): NewDelivery {
  const subject = `pay@${number}`;
  return {
    key: `payment.completed:${subject}`,
    subject,
    id: `evt_${number}`,
    type: 'payment.completed',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(`{"id":"evt_${number}"}`),
    headers: { 'qbitflow-signature': 't=1790856000,v1=00' },
    receivedAt: 1_790_856_000_123,
    ...changes,
  };
}

/** Takes the one delivery that is due. */
export async function takeOne(store: DurableStore, leaseMs = 30_000): Promise<TakenDelivery> {
  const [taken] = await store.takeDue({ limit: 1, leaseMs });
  if (taken === undefined) throw new Error('nothing was due');
  return taken;
}
