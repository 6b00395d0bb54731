import { inspect } from 'node:util';
import { Client, Pool } from 'pg';
import { expect, test } from 'vitest';
import { postgresStore, schemaSql } from '../src/index.js';
import { rejectionOf } from './support/eventually.js';

const pool = new Pool();

test.each(['', 'a.b', 'x"; DROP SCHEMA public; --', 'pg_mine', '1st', 'a'.repeat(57), 'é'])(
  'schema %j is refused',
  (schema) => {
    const refusal = expect.objectContaining({ code: 'misconfigured' });
    expect(() => postgresStore({ pool, schema })).toThrow(refusal);
    expect(() => schemaSql(schema)).toThrow(refusal);
  },
);

test('a store needs a pool or an address', () => {
  const refusal = expect.objectContaining({
    code: 'misconfigured',
    message: expect.stringContaining('pass { pool'),
  });
  for (const options of [{}, { pool: undefined }, { connectionString: '' }, { pool: {} }])
    // @ts-expect-error what a program without types may pass
    expect(() => postgresStore(options)).toThrow(refusal);
});

test.each<[string, unknown, string]>([
  ['nothing', undefined, 'pass { pool: new pg.Pool(…) } or { connectionString }'],
  ['the pool itself', pool, 'pass it as postgresStore({ pool })'],
  ['a client itself', new Client(), 'pass it as postgresStore({ pool })'],
  ['an address itself', 'postgres://x', 'options are an object'],
  ['both ways to a database', { pool, connectionString: 'postgres://x' }, 'not both'],
  ['a slip of a name', { conectionString: 'postgres://x' }, 'did you mean connectionString?'],
  ['an option of another store', { pool, prefix: 'x' }, "'prefix' is no option: it takes pool,"],
])('%s in place of the options is refused, with the cure', (_what, options, cure) => {
  expect(() => postgresStore(options as never)).toThrow(
    expect.objectContaining({
      code: 'misconfigured',
      message: expect.stringMatching(/^postgresStore: /),
    }),
  );
  expect(() => postgresStore(options as never)).toThrow(cure);
});

test('timeoutMs must be positive', () => {
  for (const timeoutMs of [0, -1, NaN])
    expect(() => postgresStore({ pool, timeoutMs })).toThrow(/timeoutMs/);
});

test.each([-1, 0.5, NaN, 5])('schemaSql from %s is refused', (from) => {
  expect(() => schemaSql('shop', { from })).toThrow(
    expect.objectContaining({ code: 'misconfigured' }),
  );
});

test('a single connection is no pool', () => {
  const refusal = expect.objectContaining({
    code: 'misconfigured',
    message: expect.stringContaining('a Client or the result of pool.connect() will not do'),
  });
  const released = Object.assign(new Client(), { release: () => undefined });
  for (const client of [new Client(), new Client({ host: 'x' }), released])
    // @ts-expect-error what a program without types may pass
    expect(() => postgresStore({ pool: client })).toThrow(refusal);
});

test('what gives no clients is told so at start', async () => {
  const quiet = { on: () => undefined, removeListener: () => undefined };
  for (const client of [undefined, {}, 'client'])
    expect(
      await rejectionOf(
        // @ts-expect-error what a program without types may pass
        postgresStore({ pool: { ...quiet, connect: async () => client } }).init(),
      ),
    ).toMatchObject({ code: 'misconfigured', message: expect.stringContaining('new pg.Pool') });
});

test('options are left as they were', () => {
  const options = Object.freeze({ pool, schema: 'mine' });
  postgresStore(options);
  expect(options).toEqual({ pool, schema: 'mine' });
});

test.each(['postgres://me:hunter2@127.0.0.1:1/db', 'postgres://me:hunter2@bad host:x/db'])(
  'no failure shows the password: %s',
  async (connectionString) => {
    const store = postgresStore({ connectionString });
    for (const error of [await rejectionOf(store.stats()), await rejectionOf(store.init())]) {
      expect(error).toMatchObject({ code: 'store_unavailable' });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('hunter2');
    }
    await store.close();
  },
);

test('the listener on the application’s pool goes with the store', async () => {
  const own = new Pool();
  const store = postgresStore({ pool: own });
  expect(own.listenerCount('error')).toBe(1);
  await store.close();
  expect(own.listenerCount('error')).toBe(0);
  expect(own.ending).toBe(false);
});
