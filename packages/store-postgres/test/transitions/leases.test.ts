import { expect, test } from 'vitest';
import type { PostgresPool } from '../../src/index.js';
import { keysOf, LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { eventually } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

const pause = async (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

await describeOnPostgres('a renewed lease', (database) => {
  const delivery = `"${database.schema}".delivery`;
  const rowOf = async (key: string) =>
    (await database.sql(`SELECT ctid, xmin, at FROM ${delivery} WHERE key = $1`, [key]))[0];

  test('is kept beside the delivery, whose row stays as it is', async () => {
    const store = database.store();
    await store.record(payment('beside'));
    const taken = await takeOne(store);
    const before = await rowOf(taken.key);
    for (let times = 0; times < 3; times += 1)
      expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    expect(await rowOf(taken.key)).toEqual(before);
    await store.extend(taken, { leaseMs: LEASE, succeeded: ['a'] });
    expect(await rowOf(taken.key)).not.toEqual(before);
    await store.complete(taken, none);
    expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('lost');
  });

  test('holds past the first one, and lapses in its turn', async () => {
    const store = database.store();
    await store.record(payment('holding'));
    const taken = await takeOne(store, 50);
    expect(await store.extend(taken, { leaseMs: 1_000, ...none })).toBe('ok');
    await pause(100);
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await eventually(async () => {
      const [again] = await store.takeDue({ limit: 1, leaseMs: LEASE });
      if (again === undefined) return false;
      expect(again).toMatchObject({ key: taken.key, lapsed: true, started: 1 });
      return (await store.complete(again, none)) === 'ok';
    });
    expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('lost');
  });

  test('may be shorter than the one before', async () => {
    const store = database.store();
    await store.record(payment('shorter'));
    const taken = await takeOne(store, LEASE);
    await store.extend(taken, { leaseMs: LEASE * 2, ...none });
    await store.extend(taken, { leaseMs: 20, ...none });
    await pause(60);
    const again = await takeOne(store);
    expect(again).toMatchObject({ key: taken.key, lapsed: true });
    await store.complete(again, none);
  });

  test('of an earlier taking says nothing about the next one', async () => {
    const store = database.store();
    await store.record(payment('earlier'));
    const first = await takeOne(store);
    await store.extend(first, { leaseMs: LEASE, ...none });
    await store.retry(first, { delayMs: 0, error: 'x', ...none });
    const second = await takeOne(store, 0);
    const third = await takeOne(store);
    expect([second.key, third.key]).toEqual([first.key, first.key]);
    expect(await store.complete(third, none)).toBe('ok');
  });

  test('a taker steps over one that is just being renewed, and finds it renewed', async () => {
    const store = database.store();
    await store.record(payment('renewing'));
    const taken = await takeOne(store, 0);
    const tx = await database.pool.connect();
    await tx.query('BEGIN');
    const quiet = { on: () => undefined, removeListener: () => undefined };
    const pool: PostgresPool = {
      ...quiet,
      connect: async () => ({
        ...quiet,
        query: async (asked) => tx.query(asked),
        release: () => undefined,
      }),
    };
    const other = database.store({ pool });
    expect(await other.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    await tx.query('COMMIT');
    tx.release();
    expect(await store.takeDue({ limit: 1, leaseMs: LEASE })).toEqual([]);
    expect(await store.complete(taken, none)).toBe('ok');
  });

  test('keeps away whoever looked before it was renewed', async () => {
    const store = database.store();
    await store.record(payment('looked'));
    const taken = await takeOne(store, 0);
    await store.extend(taken, { leaseMs: LEASE, ...none });
    // What a taker does that saw the lease lapsed.
    const stale = `UPDATE ${delivery} SET token = 'stale' WHERE key = $1 AND state = 'running' RETURNING 1`;
    expect(await database.sql(stale, [taken.key])).toEqual([]);
    expect(await store.complete(taken, none)).toBe('ok');
  });

  test('raced with takers, either is renewed or is taken', async () => {
    const [holder, one, two] = [database.store(), database.store(), database.store()];
    const names = Array.from({ length: 60 }, (_, index) => `raced-${index}`);
    await Promise.all(names.map(async (name) => holder.record(payment(name))));
    const claims = await holder.takeDue({ limit: 60, leaseMs: 0 });
    const takeAll = async (store: typeof one) => {
      const taken: string[] = [];
      for (let round = 0; round < 12; round += 1)
        taken.push(...keysOf(await store.takeDue({ limit: 7, leaseMs: LEASE })));
      return taken;
    };
    const [renewed, ...taken] = await Promise.all([
      Promise.all(
        claims.map(async (claim, index) => {
          await pause(index % 10);
          return holder.extend(claim, { leaseMs: LEASE, ...none });
        }),
      ),
      takeAll(one),
      takeAll(two),
    ]);
    const kept = claims.filter((_claim, index) => renewed[index] === 'ok').map(({ key }) => key);
    const all = [...kept, ...taken.flat()];
    expect(all).toHaveLength(60);
    expect(new Set(all).size).toBe(60);
    await database.sql(`UPDATE ${delivery} SET state = 'done'`);
  });

  test('many at once go together', async () => {
    const pool = database.newPool();
    const texts: string[] = [];
    pool.on('connect', (client) => {
      const query = client.query.bind(client);
      Object.assign(client, {
        query(asked: { text: string }) {
          if (asked.text.includes('FOR KEY SHARE')) texts.push(asked.text);
          return query(asked);
        },
      });
    });
    const store = database.store({ pool });
    const names = Array.from({ length: 30 }, (_, index) => `together-${index}`);
    await Promise.all(names.map(async (name) => store.record(payment(name))));
    const claims = await store.takeDue({ limit: 30, leaseMs: LEASE });
    const stale = claims.map((claim, index) =>
      index % 3 === 0 ? { ...claim, token: 'x' } : claim,
    );
    const outcomes = await Promise.all(
      stale.map(async (claim) => store.extend(claim, { leaseMs: LEASE, ...none })),
    );
    expect(outcomes).toEqual(stale.map((_claim, index) => (index % 3 === 0 ? 'lost' : 'ok')));
    expect(texts).toHaveLength(1);
    await database.sql(`UPDATE ${delivery} SET state = 'done'`);
  });

  test('is swept away long after it lapsed, when what is done is pruned', async () => {
    const store = database.store();
    await store.record(payment('swept'));
    const taken = await takeOne(store);
    await store.extend(taken, { leaseMs: LEASE, ...none });
    const lease = `"${database.schema}".lease`;
    await database.sql(`UPDATE ${lease} SET until = until - interval '2 hours' WHERE key <> $1`, [
      taken.key,
    ]);
    await store.prune({ doneForMs: LEASE, limit: 1 });
    expect(await database.sql(`SELECT key FROM ${lease}`)).toEqual([{ key: taken.key }]);
    await store.complete(taken, none);
  });
});
