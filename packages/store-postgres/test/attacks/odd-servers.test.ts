import { expect, onTestFinished, test } from 'vitest';
import { LEASE, none, payment, takeOne } from '../support/deliveries.js';
import { rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

const RECORDED = { status: 'recorded' };

await describeOnPostgres('odd servers', (database) => {
  const odd = (options: string) => database.store({ pool: database.newPool({ options }) });

  test.each([
    '-c array_nulls=off',
    '-c bytea_output=escape',
    '-c DateStyle=SQL,DMY -c IntervalStyle=iso_8601 -c TimeZone=Asia/Kathmandu',
    '-c standard_conforming_strings=off -c backslash_quote=off',
    '-c search_path=nowhere',
    '-c default_transaction_isolation=serializable',
    '-c default_transaction_isolation=repeatable\\ read',
    '-c jit_above_cost=0 -c enable_indexscan=off',
  ])('with %s everything is as it should be', async (options) => {
    const store = odd(options);
    await store.init();
    const name = options.replaceAll(/\W/g, '');
    const one = payment(name, { subject: `NULL ${name}`, headers: { a: 'NULL', b: '\\' } });
    expect(await store.record(one)).toEqual(RECORDED);
    const unreadable = payment(`${name}-dead`, { dead: 'NULL' });
    const unhandled = payment(`${name}-unhandled`, { unhandled: 'test money' });
    expect(await store.record(unreadable)).toEqual(RECORDED);
    expect(await store.record(unhandled)).toEqual(RECORDED);
    const kept = await store.get(one.key);
    expect(kept).toMatchObject({ state: 'due', subject: one.subject, headers: one.headers });
    expect(kept?.lastError).toBeUndefined();
    expect(await store.get(unreadable.key)).toMatchObject({ state: 'dead', lastError: 'NULL' });
    const taken = await takeOne(store);
    expect(taken.raw).toEqual(new Uint8Array(one.raw));
    expect(await store.extend(taken, { leaseMs: LEASE, ...none })).toBe('ok');
    await store.retry(taken, { delayMs: 0, error: 'NULL', succeeded: ['NULL'] });
    const again = await takeOne(store);
    expect(again).toMatchObject({ key: one.key, succeeded: ['NULL'] });
    expect(await store.complete(again, none)).toBe('ok');
    expect(await store.prune({ doneForMs: 0, limit: 9 })).toBe(2);
    expect(await store.record(one)).toEqual({ status: 'duplicate', state: 'done' });
    expect(await store.discard(unreadable.key)).toBe(true);
  });

  test('a server that takes no writes is refused at start, with the cure', async () => {
    expect(await rejectionOf(odd('-c default_transaction_read_only=on').init())).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('Use the address of the primary'),
    });
  });

  test.each([Number.MAX_SAFE_INTEGER, Number.MAX_VALUE, Infinity, 1e13])(
    'what is to be kept for %s ms is kept',
    async (ms) => {
      const store = database.store();
      await store.record(payment(`kept-${ms}`));
      await store.complete(await takeOne(store), none);
      expect(await store.prune({ doneForMs: ms, keepKeysMs: ms, limit: 9 })).toBe(0);
      expect(await store.settleUnhandled({ types: { except: [] }, dueForMs: ms, limit: 9 })).toBe(
        0,
      );
      expect(await store.prune({ doneForMs: 0, keepKeysMs: ms, limit: 9 })).toBe(1);
    },
  );

  test.each(['start', 'a record'])(
    'a sequence that begins again after a restore is counted up with %s',
    async (when) => {
      const schema = `${database.schema}_${when.replace(' ', '')}`;
      onTestFinished(async () => void (await database.sql(`DROP SCHEMA "${schema}" CASCADE`)));
      const store = database.store({ schema });
      await store.init();
      for (let name = 0; name < 40; name += 1) await store.record(payment(name));
      await database.sql(`ALTER SEQUENCE "${schema}".delivery_seq RESTART`);
      if (when === 'start') await store.init();
      const names = Array.from({ length: 20 }, (_, index) => `after-${index}`);
      const other = database.store({ schema });
      const outcomes = await Promise.all(
        names.map(async (name, index) => (index % 2 === 0 ? store : other).record(payment(name))),
      );
      expect(outcomes.filter(({ status }) => status === 'recorded')).toHaveLength(20);
      const { items } = await store.list({ limit: 20 });
      expect(items.every(({ id }) => id.startsWith('evt_after'))).toBe(true);
    },
  );

  test('a role that may use the sequence and no more counts it up too', async () => {
    const schema = `${database.schema}_seq`;
    const role = `${schema}_shop`;
    await database.store({ schema }).init();
    await database.pool.query(`CREATE ROLE "${role}" LOGIN;
      GRANT USAGE ON SCHEMA "${schema}" TO "${role}";
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO "${role}";
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${schema}" TO "${role}"`);
    onTestFinished(async () => {
      await database.pool.query(
        `DROP SCHEMA "${schema}" CASCADE; DROP OWNED BY "${role}"; DROP ROLE "${role}"`,
      );
    });
    const connectionString = database.url.replace('postgres@', `${role}@`);
    const pool = database.newPool({ connectionString });
    const store = database.store({ schema, pool });
    await store.record(payment('old'));
    await database.sql(`ALTER SEQUENCE "${schema}".delivery_seq RESTART`);
    expect(await store.record(payment('new'))).toEqual(RECORDED);
    await store.close();
    await pool.end();
  });

  test('a done or dead row that is deleted by hand leaves its key, one that is due does not', async () => {
    const store = database.store();
    for (const name of ['hand-done', 'hand-dead', 'hand-due']) await store.record(payment(name));
    const [done, dead] = await store.takeDue({ limit: 2, leaseMs: LEASE });
    if (!done || !dead) throw new Error('three were due');
    await store.complete(done, none);
    await store.bury(dead, { error: 'x', ...none });
    await database.sql(`DELETE FROM "${database.schema}".delivery WHERE key LIKE '%hand-%'`);
    const again = ['hand-done', 'hand-dead', 'hand-due'].map(async (name) =>
      store.record(payment(name)),
    );
    const known = { status: 'duplicate', state: 'done' };
    expect(await Promise.all(again)).toEqual([known, known, RECORDED]);
  });
});
