import type { NewDelivery } from '@qbitflow/core';

/** A payment's delivery; different numbers differ in everything that identifies it. */
export function delivery(number: number, facts: Partial<NewDelivery> = {}): NewDelivery {
  const uuid = `pay@00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
  return {
    key: keyOf(number),
    subject: uuid,
    id: `evt_${number}`,
    type: 'payment.completed',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from(`{"id":"evt_${number}"}`),
    headers: { 'qbitflow-signature': `t=1790856000,v1=${number}` },
    receivedAt: 1_790_856_000_000 + number,
    ...facts,
  };
}

/** The key of `delivery(number)`. */
export function keyOf(number: number): string {
  return `payment.completed:pay@00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** `count` deliveries, numbered from 1. */
export function deliveries(count: number): NewDelivery[] {
  return Array.from({ length: count }, (_, index) => delivery(index + 1));
}

/** Their keys, in their order. */
export function keysOf(some: readonly { readonly key: string }[]): string[] {
  return some.map(({ key }) => key);
}

/** A body of `length` bytes without a period that a buffer's size could hide. */
export function manyBytes(length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let index = 0; index < length; index += 1) bytes[index] = (index * 31 + (index >> 8)) % 256;
  return bytes;
}
