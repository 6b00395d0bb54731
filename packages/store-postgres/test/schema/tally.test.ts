import type { DurableStore } from '@qbitflow/core';
import { expect, onTestFinished, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { describeOnPostgres } from '../support/postgres.js';
import { releaseBefore } from '../support/release-before.js';

await describeOnPostgres('the tally', (database) => {
  let made = 0;

  async function ownSchema() {
    made += 1;
    const schema = `${database.schema}_t${made}`;
    onTestFinished(
      async () => void (await database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)),
    );
    const store = database.store({ schema });
    await store.init();
    return { schema, store };
  }

  /** What is counted, and what is there. */
  async function bothCounts(schema: string) {
    const kinds = 'state, type, unhandled';
    const of = async (what: string) =>
      database.sql(`SELECT ${kinds}, n::int FROM (${what}) c WHERE n <> 0 ORDER BY ${kinds}`);
    return {
      counted: await of(
        `SELECT ${kinds}, sum(deliveries) AS n FROM "${schema}".tally GROUP BY ${kinds}`,
      ),
      there: await of(`SELECT ${kinds}, count(*) AS n FROM "${schema}".delivery GROUP BY ${kinds}`),
    };
  }

  async function agrees(schema: string): Promise<void> {
    const { counted, there } = await bothCounts(schema);
    expect(counted).toEqual(there);
  }

  const records = async (store: DurableStore, names: (string | number)[]) =>
    Promise.all(names.map(async (name) => store.record(payment(name))));

  test('follows every transition', async () => {
    const { schema, store } = await ownSchema();
    await store.record(payment('unreadable', { dead: 'x' }));
    await store.record(payment('test money', { unhandled: 'x' }));
    await store.record(payment('taken'), { leaseMs: LEASE });
    await records(store, [1, 2, 3, 4, 5, 1]);
    await store.complete(await takeOne(store), none);
    await store.bury(await takeOne(store), { error: 'x', ...none });
    await store.retry(await takeOne(store), { delayMs: LEASE, error: 'x', ...none });
    await store.extend(await takeOne(store), { leaseMs: LEASE, succeeded: ['a'] });
    await agrees(schema);
    expect(await store.stats()).toMatchObject({ due: 2, running: 2, done: 2, dead: 2 });
    const types = { except: [] };
    expect(await store.settleUnhandled({ types, dueForMs: 0, limit: 9 })).toBe(1);
    expect(await store.replay(payment('unreadable').key)).toBe(true);
    expect(await store.discard(payment(2).key)).toBe(true);
    expect(await store.prune({ doneForMs: 0, limit: 9 })).toBe(3);
    await agrees(schema);
    await database.sql(`TRUNCATE "${schema}".delivery`);
    expect((await bothCounts(schema)).counted).toEqual([]);
  });

  test('tells what waits for a handler that is not there, by type', async () => {
    const { store } = await ownSchema();
    await records(store, [1, 2]);
    await store.record(payment(3, { type: 'refund.requested' }));
    await store.record(payment(4, { unhandled: 'test money' }));
    expect(await store.stats({ handled: { only: ['payment.completed'] } })).toMatchObject({
      due: 3,
      unhandled: 2,
    });
    expect(await store.stats({ handled: { except: ['payment.completed'] } })).toMatchObject({
      unhandled: 3,
    });
  });

  test('is of what is committed: what is rolled back was never counted', async () => {
    const { schema, store } = await ownSchema();
    await records(store, [1, 2]);
    const tx = await database.newPool({ max: 1 }).connect();
    await tx.query('BEGIN');
    await tx.query(`UPDATE "${schema}".delivery SET state = 'done'`);
    expect(await store.stats()).toMatchObject({ due: 2, done: 0 });
    await tx.query('ROLLBACK');
    await agrees(schema);
    await tx.query('BEGIN');
    await tx.query(`UPDATE "${schema}".delivery SET state = 'done'`);
    await tx.query('COMMIT');
    tx.release();
    expect(await store.stats()).toMatchObject({ due: 0, done: 2 });
  });

  test.each(['READ COMMITTED', 'REPEATABLE READ', 'SERIALIZABLE'])(
    'of a handler’s transaction at %s that stays open and folds holds up nobody, nor fails',
    async (level) => {
      const { schema, store } = await ownSchema();
      await store.record(payment('held'));
      const held = await takeOne(store);
      const tx = await database.newPool({ max: 1 }).connect();
      await tx.query(`BEGIN ISOLATION LEVEL ${level}`);
      await tx.query('SELECT 1');
      // Hundreds of statements before and after it: some of them fold.
      for (let round = 0; round < 300; round += 1)
        await store.record(payment(`a${round}`), { leaseMs: LEASE });
      expect(await store.completeWithin(tx, held, { done: true, ...none })).toBe('ok');
      if (level === 'READ COMMITTED') await tx.query(`SELECT "${schema}".fold_tally()`);
      for (let round = 0; round < 300; round += 1)
        await store.record(payment(`b${round}`), { leaseMs: LEASE });
      expect(await store.stats()).toMatchObject({ running: 601, done: 0 });
      await tx.query('COMMIT');
      tx.release();
      expect(await store.stats()).toMatchObject({ running: 600, done: 1 });
      await agrees(schema);
    },
    60_000,
  );

  test('stays short, and right, while many write and fold at once', async () => {
    const { schema } = await ownSchema();
    const stores = [1, 2, 3].map(() => database.store({ schema }));
    const folds = [1, 2].map(async () => {
      for (let times = 0; times < 200; times += 1)
        await database.sql(`SELECT "${schema}".fold_tally()`);
    });
    await Promise.all(
      stores.map(async (store, place) => {
        for (let round = 0; round < 60; round += 1) {
          await records(store, [`${place}-${round}-a`, `${place}-${round}-b`]);
          for (const claim of await store.takeDue({ limit: 2, leaseMs: LEASE }))
            await store.complete(claim, none);
        }
      }),
    );
    await Promise.all(folds);
    await agrees(schema);
    await database.sql(`SELECT "${schema}".fold_tally()`);
    const rows = await database.sql(`SELECT state FROM "${schema}".tally`);
    expect(rows.length).toBeLessThanOrEqual(3);
    await agrees(schema);
  });

  test('takes over what the release before had, and counts what it does from then on', async () => {
    made += 1;
    const schema = `${database.schema}_t${made}`;
    onTestFinished(
      async () => void (await database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`)),
    );
    const before = releaseBefore(database.pool, schema);
    await before.createSchema();
    await Promise.all(['a', 'b', 'c'].map(async (key) => before.record(key)));
    await before.record('unreadable', 'x');
    const store = database.store({ schema });
    // It goes on recording while the tables are changed.
    const meanwhile = Array.from({ length: 30 }, async (_, index) => before.record(`m${index}`));
    await Promise.all([store.init(), ...meanwhile]);
    await agrees(schema);
    const [first, second] = await before.takeDue(2, LEASE);
    if (first === undefined || second === undefined) throw new Error('two were due');
    await before.complete(first);
    await before.bury(second);
    await before.replay('unreadable');
    await before.prune(0);
    await agrees(schema);
    expect(await store.stats()).toMatchObject({ due: 32, done: 0, dead: 1 });
  });
});
