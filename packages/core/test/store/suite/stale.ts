import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { LEASE, none, recorded, takeOne, type MakeStore } from './store-under-test.js';

/** What every durable store promises of this. */
export function staleSuite(make: MakeStore): void {
  const transitions: [string, (store: DurableStore, claim: TakenDelivery) => Promise<unknown>][] = [
    ['extend', async (store, claim) => store.extend(claim, { leaseMs: LEASE, succeeded: ['x'] })],
    ['complete', async (store, claim) => store.complete(claim, { succeeded: ['x'] })],
    ['retry', async (store, claim) => store.retry(claim, { delayMs: 0, error: 'x', ...none })],
    ['bury', async (store, claim) => store.bury(claim, { error: 'x', ...none })],
  ];

  test.each(transitions)('is refused by %s while another worker has it', async (_name, write) => {
    const under = await recorded(await make(), 1);
    const stale = await takeOne(under);
    await under.clock.advance(LEASE);
    const current = await takeOne(under);
    const before = await under.store.get(stale.key);
    expect(await write(under.store, stale)).toBe('lost');
    expect(await under.store.get(stale.key)).toEqual(before);
    expect(await under.store.complete(current, none)).toBe('ok');
  });

  test.each(transitions)('is refused by %s once it was handed back', async (_name, write) => {
    const under = await recorded(await make(), 1);
    const stale = await takeOne(under);
    await under.store.retry(stale, { delayMs: 0, error: 'x', ...none });
    expect(await write(under.store, stale)).toBe('lost');
  });

  test.each(transitions)('is refused by %s for a key nobody knows', async (_name, write) => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    expect(await write(under.store, { ...taken, key: 'unknown' })).toBe('lost');
  });
}
