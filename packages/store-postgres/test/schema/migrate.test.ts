import { expect, test } from 'vitest';
import { postgresStore, schemaSql } from '../../src/index.js';
import { none, payment, takeOne } from '../support/deliveries.js';
import { rejectionOf } from '../support/eventually.js';
import { describeOnPostgres } from '../support/postgres.js';

await describeOnPostgres('init', (database) => {
  const drop = async (schema: string) => database.sql(`DROP SCHEMA IF EXISTS "${schema}" CASCADE`);

  test('eight processes at once migrate once', async () => {
    const schema = `${database.schema}_race`;
    const stores = Array.from({ length: 8 }, () => database.store({ schema, max: 1 }));
    await Promise.all(stores.map(async (store) => store.init()));
    expect(await database.sql(`SELECT version FROM "${schema}".migration ORDER BY 1`)).toEqual([
      { version: 1 },
      { version: 2 },
      { version: 3 },
      { version: 4 },
    ]);
    await stores[0]?.init();
    expect(await stores[7]?.record(payment(1))).toEqual({ status: 'recorded' });
    await drop(schema);
  });

  test('what an administrator made with schemaSql() needs nothing more', async () => {
    const schema = `${database.schema}-by-hand`;
    await database.pool.query(schemaSql(schema));
    const store = database.store({ schema });
    await store.init();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    await drop(schema);
  });

  test('a role without CREATE works on a schema that is there, and else is told what it lacks', async () => {
    const role = `${database.schema}_worker`;
    await database.pool.query(`CREATE ROLE "${role}" LOGIN;
      GRANT USAGE ON SCHEMA "${database.schema}" TO "${role}";
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${database.schema}" TO "${role}";
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${database.schema}" TO "${role}"`);
    const connectionString = database.url.replace('postgres@', `${role}@`);
    const pool = database.newPool({ connectionString });
    expect((await pool.query('SELECT current_user AS me')).rows).toEqual([{ me: role }]);
    const store = database.store({ pool });
    await store.init();
    await store.record(payment('by role'));
    expect(await store.complete(await takeOne(store), none)).toBe('ok');

    const missing = database.store({ pool, schema: `${database.schema}_missing` });
    expect(await rejectionOf(missing.init())).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('CREATE on the database'),
    });
    await pool.end();
    await database.pool.query(`DROP OWNED BY "${role}"; DROP ROLE "${role}"`);
  });

  test('without init(), calls say that it is missing', async () => {
    const store = database.store({ schema: `${database.schema}_never` });
    expect(await rejectionOf(store.record(payment(1)))).toMatchObject({
      code: 'misconfigured',
      message: expect.stringContaining('call init()'),
    });
    expect(await rejectionOf(store.stats())).toMatchObject({ code: 'misconfigured' });
  });

  test('a schema made by a newer release is left alone', async () => {
    const schema = `${database.schema}_newer`;
    const store = database.store({ schema });
    await store.init();
    await database.sql(`INSERT INTO "${schema}".migration (version) VALUES (99)`);
    await store.init();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    await drop(schema);
  });

  test('two schemas in one database know nothing of each other', async () => {
    const schema = `${database.schema}_other`;
    const [ours, theirs] = [database.store(), database.store({ schema })];
    await theirs.init();
    await ours.record(payment('shared'));
    expect(await theirs.record(payment('shared'))).toEqual({ status: 'recorded' });
    expect(await theirs.stats()).toMatchObject({ due: 1 });
    await drop(schema);
  });

  test('a read-only server is named as the likely cause', async () => {
    const pool = database.newPool({ options: '-c default_transaction_read_only=on' });
    expect(await rejectionOf(database.store({ pool }).record(payment('ro')))).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('read-only'),
    });
  });

  test('an application that defaults to serializable is served as well', async () => {
    const pool = database.newPool({ options: '-c default_transaction_isolation=serializable' });
    const stores = [database.store({ pool }), database.store({ pool })];
    const names = Array.from({ length: 40 }, (_, index) => `serial-${index % 20}`);
    const outcomes = await Promise.all(
      names.map(async (name, index) => stores[index % 2]?.record(payment(name))),
    );
    expect(outcomes.filter((outcome) => outcome?.status === 'recorded')).toHaveLength(20);
  });

  test('a connection string opens a pool of the store’s own, closed with it', async () => {
    const store = postgresStore({ connectionString: database.url, schema: database.schema });
    await store.init();
    expect(await store.get('nothing')).toBeUndefined();
    await store.close();
    await store.close();
    expect(await rejectionOf(store.stats())).toMatchObject({
      code: 'store_unavailable',
      message: expect.stringContaining('closed'),
    });
  });
});
