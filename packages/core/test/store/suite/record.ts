import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { LEASE, none, recorded, takeOne, type MakeStore } from './store-under-test.js';

/** What every durable store promises of this. */
export function recordSuite(make: MakeStore): void {
  test('a fresh key is recorded and due', async () => {
    const { store } = await make();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    expect(await store.get(payment(1).key)).toMatchObject({
      state: 'due',
      started: 0,
      finished: 0,
      succeeded: [],
    });
  });

  test('a known key is a duplicate of the state it is in, and keeps what came first', async () => {
    const under = await recorded(await make(), 1);
    const { store } = under;
    const again = async () => store.record(payment(1, { raw: Buffer.from('other') }));
    expect(await again()).toEqual({ status: 'duplicate', state: 'due' });
    const first = await takeOne(under);
    expect(await again()).toEqual({ status: 'duplicate', state: 'running' });
    await store.bury(first, { error: 'no', succeeded: [] });
    expect(await again()).toEqual({ status: 'duplicate', state: 'dead' });
    await store.replay(first.key);
    const second = await takeOne(under);
    expect(Buffer.from(second.raw)).toEqual(Buffer.from(payment(1).raw));
    await store.complete(second, none);
    expect(await again()).toEqual({ status: 'duplicate', state: 'done' });
  });

  test('of many records of one key at once, one is first', async () => {
    const { store } = await make();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async () => store.record(payment(1))),
    );
    expect(outcomes.filter(({ status }) => status === 'recorded')).toHaveLength(1);
  });

  test('what is dead on arrival is never taken', async () => {
    const { store } = await make();
    await store.record(payment(1, { dead: 'unreadable' }));
    expect(await store.takeDue({ limit: 10, leaseMs: LEASE })).toEqual([]);
    expect(await store.get(payment(1).key)).toMatchObject({
      state: 'dead',
      lastError: 'unreadable',
    });
  });

  test('everything recorded comes back as it went in', async () => {
    const under = await make();
    const raw = Uint8Array.from([0, 255, 123, 0, 10]);
    const delivery = payment(1, { raw, source: 'recovery', version: 'v1' });
    await under.store.record(delivery);
    const { raw: takenRaw, ...taken } = await takeOne(under);
    const { raw: _raw, ...sent } = delivery;
    expect(taken).toMatchObject(sent);
    expect([...takenRaw]).toEqual([0, 255, 123, 0, 10]);
  });
}
