import { expect, test } from 'vitest';
import { none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('texts that PostgreSQL does not take', (database) => {
  const evil = 'a\0b\uD800c\u{1F600}';
  const kept = 'a\uFFFDb\uFFFDc\u{1F600}';

  test('are stored with replacement characters, wherever they come from', async () => {
    const store = database.store();
    await store.record(payment('evil', { headers: { x: evil, [evil]: 'y' } }));
    const beside = store.record(payment('beside'));
    const taken = await takeOne(store);
    expect(taken.headers['x']).toBe(kept);
    await store.extend(taken, { leaseMs: 1_000, succeeded: [evil] });
    await store.bury(taken, { error: evil, succeeded: [evil] });
    expect(await store.get(taken.key)).toMatchObject({ lastError: kept, succeeded: [kept] });
    expect(await beside).toEqual({ status: 'recorded' });
  });

  test('are found nowhere', async () => {
    const store = database.store();
    expect(await store.get('\0')).toBeUndefined();
    expect(await store.replay(evil)).toBe(false);
    expect(await store.complete({ key: '\0', token: '\0' }, none)).toBe('lost');
    expect((await store.list({ subject: '\0' })).items).toEqual([]);
  });
});
