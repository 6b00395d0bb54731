import type { DurableStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { keys, keysOf, recorded, takeOne, type MakeStore } from './store-under-test.js';

/** What every durable store promises of this. */
export function listSuite(make: MakeStore): void {
  test('newest first, a page at a time, without bodies', async () => {
    const { store } = await recorded(await make(), 1, 2, 3, 4, 5);
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, cursor: first.nextCursor });
    const third = await store.list({ limit: 2, cursor: second.nextCursor });
    expect([first, second, third].map(({ items }) => keysOf(items))).toEqual([
      keys(5, 4),
      keys(3, 2),
      keys(1),
    ]);
    expect(third.nextCursor).toBeUndefined();
    expect(first.items[0]?.raw).toHaveLength(0);
  });

  test('the last page has no cursor, though it is full', async () => {
    const { store } = await recorded(await make(), 1, 2);
    expect((await store.list({ limit: 2 })).nextCursor).toBeUndefined();
  });

  test('what is recorded meanwhile shifts no page', async () => {
    const under = await recorded(await make(), 1, 2, 3);
    const first = await under.store.list({ limit: 2 });
    await recorded(under, 4);
    const second = await under.store.list({ limit: 2, cursor: first.nextCursor });
    expect(keysOf(second.items)).toEqual(keys(1));
  });

  test('filters by state, type and subject, together too', async () => {
    const under = await recorded(await make(), 1, 2);
    const { store } = under;
    await store.record(payment(3, { type: 'refund.requested', subject: payment(1).subject }));
    await takeOne(under);
    const list = async (filter: Parameters<DurableStore['list']>[0]) =>
      keysOf((await store.list(filter)).items);
    expect(await list({ state: 'due' })).toEqual(keys(3, 2));
    expect(await list({ state: 'running' })).toEqual(keys(1));
    expect(await list({ type: 'refund.requested' })).toEqual(keys(3));
    expect(await list({ subject: payment(1).subject })).toEqual(keys(3, 1));
    expect(await list({ subject: payment(1).subject, state: 'due' })).toEqual(keys(3));
  });

  test('get has the body and the headers; an unknown key is undefined', async () => {
    const { store } = await recorded(await make(), 1);
    const kept = await store.get(payment(1).key);
    expect(Buffer.from(kept?.raw ?? [])).toEqual(Buffer.from(payment(1).raw));
    expect(kept?.headers).toEqual({ 'qbitflow-event-id': 'evt_1' });
    expect(await store.get('unknown')).toBeUndefined();
  });
}
