import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import {
  keys,
  keysOf,
  LEASE,
  none,
  recorded,
  takeOne,
  type MakeStore,
} from './store-under-test.js';

/** What every durable store promises of this. */
export function takeDueSuite(make: MakeStore): void {
  test('takes the oldest first, no more than asked for, nothing twice', async () => {
    const { store } = await recorded(await make(), 1, 2, 3);
    const first = await store.takeDue({ limit: 2, leaseMs: LEASE });
    const second = await store.takeDue({ limit: 2, leaseMs: LEASE });
    const third = await store.takeDue({ limit: 2, leaseMs: LEASE });
    expect([keysOf(first), keysOf(second), third]).toEqual([keys(1, 2), keys(3), []]);
  });

  test('counts the start and gives every taking a token of its own', async () => {
    const { store } = await recorded(await make(), 1, 2);
    const [one, two] = await store.takeDue({ limit: 2, leaseMs: LEASE });
    expect(one).toMatchObject({ started: 1, finished: 0, lapsed: false, succeeded: [] });
    expect(one?.token).not.toBe(two?.token);
  });

  test('takes again what has a lapsed lease, not a moment earlier, counting no start', async () => {
    const under = await recorded(await make(), 1);
    const first = await takeOne(under);
    await under.clock.advance(LEASE - 1);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await under.clock.advance(1);
    const second = await takeOne(under);
    expect(second).toMatchObject({ key: first.key, started: 1, finished: 0, lapsed: true });
    expect(second.token).not.toBe(first.token);
  });

  test('a retry that came due earlier goes before what was recorded later', async () => {
    const under = await recorded(await make(), 1);
    const { store, clock } = under;
    await store.retry(await takeOne(under), { delayMs: 1_000, error: 'x', ...none });
    await clock.advance(2_000);
    await store.record(payment(2));
    await clock.advance(1_000);
    expect(keysOf(await store.takeDue({ limit: 2, leaseMs: LEASE }))).toEqual(keys(1, 2));
  });

  test('lapsed leases are not starved by newer work', async () => {
    const under = await recorded(await make(), 1);
    await takeOne(under);
    await under.clock.advance(LEASE);
    await under.clock.advance(1_000);
    await recorded(under, 2, 3);
    expect((await takeOne(under)).key).toBe(payment(1).key);
  });
}
