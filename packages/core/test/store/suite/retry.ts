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
export function retrySuite(make: MakeStore): void {
  test('makes it due after the delay, not a moment earlier, the attempt ended', async () => {
    const under = await recorded(await make(), 1);
    const taken = await takeOne(under);
    const options = { delayMs: 5_000, error: 'a: no', succeeded: ['b'] };
    expect(await under.store.retry(taken, options)).toBe('ok');
    expect(await under.store.get(taken.key)).toMatchObject({ state: 'due', lastError: 'a: no' });
    await under.clock.advance(4_999);
    expect(await under.store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await under.clock.advance(1);
    expect(await takeOne(under)).toMatchObject({
      started: 2,
      finished: 1,
      lapsed: false,
      succeeded: ['b'],
    });
  });

  test('retries come due in the order of their times', async () => {
    const under = await recorded(await make(), 1, 2, 3);
    const { store, clock } = under;
    const delays = [3_000, 1_000, 2_000];
    for (const delayMs of delays)
      await store.retry(await takeOne(under), { delayMs, error: 'x', ...none });
    await clock.advance(3_000);
    expect(keysOf(await store.takeDue({ limit: 3, leaseMs: LEASE }))).toEqual(keys(2, 3, 1));
  });

  test('uncounted, it is as if it had not been taken', async () => {
    const under = await recorded(await make(), 1);
    const options = { delayMs: 0, counted: false, error: 'shutdown', ...none };
    await under.store.retry(await takeOne(under), options);
    expect(await under.store.get(payment(1).key)).toMatchObject({ started: 0, finished: 0 });
    expect(await takeOne(under)).toMatchObject({ started: 1, finished: 0, lapsed: false });
  });

  test('handing back a suspect uncounted does not forget the crash', async () => {
    const under = await recorded(await make(), 1);
    await takeOne(under);
    await under.clock.advance(LEASE);
    const options = { delayMs: 0, counted: false, error: 'shutdown', ...none };
    await under.store.retry(await takeOne(under), options);
    expect(await takeOne(under)).toMatchObject({ started: 1, finished: 0, lapsed: true });
  });
}
