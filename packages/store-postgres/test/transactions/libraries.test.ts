import { describe, expect, test } from 'vitest';
import { none, payment, takeOne } from '../support/deliveries.js';
import { rejectionOf } from '../support/eventually.js';
import { libraries } from '../support/libraries.js';
import { describeOnPostgres } from '../support/postgres.js';

const done = { succeeded: ["fulfil o'clock", '"q"', 'größe'], done: true };

await describeOnPostgres('completeWithin in transactions of', (database) => {
  const orders = `"${database.schema}".orders`;
  const written = async () => (await database.sql(`DELETE FROM ${orders} RETURNING 1`)).length;

  async function taken(name: string) {
    await database.sql(`CREATE TABLE IF NOT EXISTS ${orders} (key text)`);
    const store = database.store();
    await store.record(payment(name));
    return { store, claim: await takeOne(store) };
  }

  describe.each(Object.entries(libraries))('%s', (name, open) => {
    test('both commit together', async () => {
      const { store, claim } = await taken(`${name} commit`);
      const { transaction } = await open(database.url);
      const outcome = await transaction(async ({ tx, run }) => {
        await run(`INSERT INTO ${orders} VALUES ('x')`);
        return store.completeWithin(tx, claim, done);
      });
      expect([outcome, await written()]).toEqual(['ok', 1]);
      const { succeeded } = done;
      expect(await store.get(claim.key)).toMatchObject({ state: 'done', finished: 1, succeeded });
    });

    test('a rollback leaves neither', async () => {
      const { store, claim } = await taken(`${name} rollback`);
      const { transaction } = await open(database.url);
      const failed = transaction(async ({ tx, run }) => {
        await run(`INSERT INTO ${orders} VALUES ('x')`);
        await store.completeWithin(tx, claim, done);
        throw new Error('no stock');
      });
      expect(await rejectionOf(failed)).toMatchObject({ message: 'no stock' });
      expect(await written()).toBe(0);
      expect(await store.get(claim.key)).toMatchObject({ state: 'running', succeeded: [] });
      expect(await store.complete(claim, none)).toBe('ok');
    });

    test('without done it only remembers, and a lost claim is told', async () => {
      const { store, claim } = await taken(`${name} lost`);
      const { transaction } = await open(database.url);
      const within = async (token: string, isDone: boolean) =>
        transaction(async ({ tx }) =>
          store.completeWithin(tx, { ...claim, token }, { succeeded: ['a'], done: isDone }),
        );
      expect(await within(claim.token, false)).toBe('ok');
      expect(await store.get(claim.key)).toMatchObject({ state: 'running', succeeded: ['a'] });
      expect(await within('another', true)).toBe('lost');
      expect(await store.complete(claim, none)).toBe('ok');
    });

    test('what began it is not it: refused, and nothing is completed', async () => {
      const { store, claim } = await taken(`${name} outside`);
      const { outside } = await open(database.url);
      expect(await rejectionOf(store.completeWithin(outside, claim, done))).toMatchObject({
        code: 'misconfigured',
        message: expect.stringContaining('no transaction is open'),
      });
      expect(await store.get(claim.key)).toMatchObject({ state: 'running', succeeded: [] });
      expect(await store.complete(claim, none)).toBe('ok');
    });

    test.each(['REPEATABLE READ', 'SERIALIZABLE'])(
      'at %s, with the lease renewed meanwhile',
      async (level) => {
        const { store, claim } = await taken(`${name} ${level}`);
        const { transaction } = await open(database.url);
        const outcome = await transaction(async ({ tx, run }) => {
          await run(`SET TRANSACTION ISOLATION LEVEL ${level}`);
          await run(`INSERT INTO ${orders} VALUES ('x')`);
          expect(await store.extend(claim, { leaseMs: 30_000, ...none })).toBe('ok');
          return store.completeWithin(tx, claim, done);
        });
        expect([outcome, await written()]).toEqual(['ok', 1]);
        expect(await store.extend(claim, { leaseMs: 30_000, ...none })).toBe('lost');
      },
    );

    test('at SERIALIZABLE, what another worker took meanwhile is not completed', async () => {
      const { store, claim } = await taken(`${name} retaken`);
      const { transaction } = await open(database.url);
      const late = transaction(async ({ tx, run }) => {
        await run('SET TRANSACTION ISOLATION LEVEL SERIALIZABLE');
        await run(`INSERT INTO ${orders} VALUES ('x')`);
        await store.extend(claim, { leaseMs: 0, ...none });
        const again = await takeOne(store);
        expect(again.key).toBe(claim.key);
        const outcome = await store.completeWithin(tx, claim, done);
        throw new Error(`rolled back: ${outcome}`);
      });
      // The driver's own error, by whose code whoever tries again knows that it is worth it.
      expect(await rejectionOf(late)).toMatchObject({ code: '40001' });
      expect(await written()).toBe(0);
      expect(await store.get(claim.key)).toMatchObject({ state: 'running', succeeded: [] });
      await database.sql(`UPDATE "${database.schema}".delivery SET state = 'done'`);
    });
  });
});
