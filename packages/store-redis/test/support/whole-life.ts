import type { StoreStats } from '@qbitflow/core';
import { expect } from 'vitest';
import { redisStore, type RedisClient } from '../../src/index.js';
import { keyOf, payment } from './deliveries.js';
import { eventually } from './waiting.js';

/** Every byte there is. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));

/** Two deliveries' whole life over this client, and a hint of others. Returns the stats before these. */
export async function wholeLife(client: RedisClient, prefix = 'qbitflow'): Promise<StoreStats> {
  const store = redisStore({ client, prefix });
  await store.init?.();
  const subjects: (string | undefined)[] = [];
  store.onDue?.((subject) => subjects.push(subject));
  await Promise.all([1, 2].map(async (number) => store.record(payment(number, { raw: BYTES }))));
  const taken = await store.takeDue({ limit: 5, leaseMs: 60_000 });
  expect(taken.map(({ key }) => key)).toEqual([keyOf(1), keyOf(2)]);
  expect(taken.map(({ raw }) => Buffer.compare(raw, BYTES))).toEqual([0, 0]);
  await Promise.all(taken.map(async (claim) => store.complete(claim, { succeeded: ['a'] })));
  const stats = await store.stats();
  let number = 2;
  await eventually(async () => {
    number += 1;
    await store.record(payment(number));
    return subjects[0];
  });
  await store.close();
  return stats;
}

/** What {@link wholeLife} leaves. */
export const LIVED = { due: 0, running: 0, done: 2, dead: 0, unhandled: 0, oldestDueAgeMs: 0 };
