import type { DurableStore, NewDelivery, TakenDelivery } from '@qbitflow/core';

export const LEASE = 30_000;
export const none = { succeeded: [] };

/** A payment about to be recorded; every name makes another one. */
export function payment(name: number | string, changes: Partial<NewDelivery> = {}): NewDelivery {
  return {
    key: `payment.completed:pay@${name}`,
    subject: `pay@${name}`,
    id: `evt_${name}`,
    type: 'payment.completed',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(`{"id":"evt_${name}"}`),
    headers: { 'qbitflow-signature': `t=1,v1=${name}` },
    receivedAt: 1_790_856_000_000,
    ...changes,
  };
}

/** Takes the one that must be due. */
export async function takeOne(store: DurableStore, leaseMs = LEASE): Promise<TakenDelivery> {
  const [taken] = await store.takeDue({ limit: 1, leaseMs });
  if (taken === undefined) throw new Error('nothing was due');
  return taken;
}

export const keysOf = (deliveries: readonly { key: string }[]): string[] =>
  deliveries.map(({ key }) => key);

export const keys = (...names: (number | string)[]): string[] =>
  names.map((name) => payment(name).key);
