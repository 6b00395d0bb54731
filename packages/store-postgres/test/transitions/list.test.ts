import { expect, test } from 'vitest';
import { keys, keysOf, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('list', (database) => {
  test('newest first, a page at a time, without bodies; what comes meanwhile shifts no page', async () => {
    const store = database.store();
    for (const name of [1, 2, 3, 4]) await store.record(payment(name));
    const first = await store.list({ limit: 2 });
    expect(first.items[0]?.raw).toHaveLength(0);
    await store.record(payment(5));
    const second = await store.list({ limit: 2, cursor: first.nextCursor });
    expect(second.nextCursor).toBeUndefined();
    expect([first, second].map(({ items }) => keysOf(items))).toEqual([keys(4, 3), keys(2, 1)]);
  });

  test('filters by state, type and subject, together too', async () => {
    const store = database.store();
    const { subject } = payment(1);
    await takeOne(store);
    await store.record(payment(6, { type: 'refund.requested', subject }));
    const list = async (filter: Parameters<typeof store.list>[0]) =>
      keysOf((await store.list(filter)).items);
    expect(await list({ state: 'running' })).toEqual(keys(1));
    expect(await list({ type: 'refund.requested' })).toEqual(keys(6));
    expect(await list({ subject })).toEqual(keys(6, 1));
    expect(await list({ subject, state: 'due' })).toEqual(keys(6));
    expect(await list({ type: "'; DROP TABLE x; --" })).toEqual([]);
  });

  test('a cursor that no page gave is refused', async () => {
    const listed = database.store().list({ cursor: '1 OR 1=1' });
    await expect(listed).rejects.toMatchObject({ code: 'misconfigured' });
  });
});
