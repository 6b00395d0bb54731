import { expect, test } from 'vitest';
import { sqliteStore } from '../src/index.js';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, openLibsql, rowsOf } from './support/handles.js';

test.each(drivers)("close leaves the merchant's database open: %s", async (driver) => {
  const handle = await openHandle(freshFile(), driver);
  const store = sqliteStore(handle);
  await store.record(delivery(1));
  await store.close();
  expect(rowsOf(handle, 'SELECT key FROM qbitflow_deliveries')).toEqual([
    expect.objectContaining({ key: 'payment.completed:pay@1' }),
  ]);
  await expect(store.record(delivery(2))).rejects.toThrow('was closed');
});

test.each(drivers)("the merchant's settings and tables stay as they were: %s", async (driver) => {
  const handle = await openHandle(freshFile(), driver);
  handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA user_version = 7');
  handle.exec('CREATE TABLE orders (id INTEGER); INSERT INTO orders VALUES (1)');
  const store = openStore(handle);
  await store.record(delivery(1));
  await store.complete(await takeOne(store), { succeeded: [] });
  expect(rowsOf(handle, 'PRAGMA synchronous')).toEqual([
    expect.objectContaining({ synchronous: 1 }),
  ]);
  expect(rowsOf(handle, 'PRAGMA user_version')).toEqual([
    expect.objectContaining({ user_version: 7 }),
  ]);
  expect(rowsOf(handle, 'SELECT id FROM orders')).toHaveLength(1);
});

test("while the store writes, the merchant's connection is as durable as promised", async () => {
  const handle = openLibsql(freshFile());
  handle.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF');
  const said: string[] = [];
  const spied = {
    exec: (sql: string) => {
      said.push(sql);
      return handle.exec(sql);
    },
    prepare: (sql: string) => handle.prepare(sql),
    pragma: (source: string): unknown => handle.pragma(source),
    close: () => handle.close(),
  };
  const store = openStore(spied);
  await store.init?.();
  said.length = 0;
  await store.record(delivery(1));
  expect(said).toEqual([
    'PRAGMA synchronous = 2',
    'BEGIN IMMEDIATE',
    'COMMIT',
    'PRAGMA synchronous = 0',
  ]);
});

test.each(drivers)('its long busy timeout stops nobody, and is put back: %s', async (driver) => {
  const file = freshFile();
  const handle = await openHandle(file, driver);
  handle.exec('PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 5000');
  const store = openStore(handle);
  await store.init?.();
  const other = await openHandle(file, driver);
  other.exec('BEGIN IMMEDIATE');
  const recording = store.record(delivery(1));
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 5);
  await new Promise((resolve) => setTimeout(resolve, 200));
  clearInterval(turning);
  expect(turns).toBeGreaterThan(2);
  other.exec('COMMIT');
  expect(await recording).toEqual({ status: 'recorded' });
  expect(rowsOf(handle, 'PRAGMA busy_timeout')).toMatchObject([{ timeout: 5_000 }]);
});

test.each(drivers)(
  'a transaction the merchant has open is waited for, not written into: %s',
  async (driver) => {
    const handle = await openHandle(freshFile(), driver);
    const store = openStore(handle);
    await store.init?.();
    handle.exec('CREATE TABLE orders (id INTEGER)');
    handle.exec('BEGIN');
    handle.exec('INSERT INTO orders VALUES (1)');
    let answered = false;
    const recording = store.record(delivery(1)).then((outcome) => {
      answered = true;
      return outcome;
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(answered).toBe(false);
    handle.exec('ROLLBACK');
    expect(await recording).toEqual({ status: 'recorded' });
    expect(rowsOf(handle, 'SELECT id FROM orders')).toHaveLength(0);
  },
);

test('a transaction that stays open is an outage that names its cause', async () => {
  const handle = openLibsql(freshFile());
  const store = openStore(handle, { busyTimeoutMs: 50 });
  await store.init?.();
  handle.exec('BEGIN');
  await expect(store.record(delivery(1))).rejects.toMatchObject({
    code: 'store_unavailable',
    facts: { failure: 'nested' },
  });
  handle.exec('COMMIT');
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});

test('numbers that come as bigint are read all the same', async () => {
  const handle = openLibsql(freshFile());
  handle.defaultSafeIntegers(true);
  const store = openStore(handle);
  await store.record(delivery(1));
  expect(await takeOne(store)).toMatchObject({ started: 1, receivedAt: 1_790_856_000_123 });
  expect(await store.stats()).toMatchObject({ running: 1 });
});

test('two apps share one file, each with its prefix', async () => {
  const handle = openLibsql(freshFile());
  const shop = openStore(handle, { prefix: 'shop_' });
  const club = openStore(handle, { prefix: 'club_' });
  expect(await shop.record(delivery(1))).toEqual({ status: 'recorded' });
  expect(await club.record(delivery(1))).toEqual({ status: 'recorded' });
  await takeOne(shop);
  expect(await club.stats()).toMatchObject({ due: 1, running: 0 });
});

test.each([
  ['MEMORY', 1],
  ['OFF', 1],
  ['DELETE', 0],
  ['WAL', 0],
])('a journal that is kept %s: %i warnings at start', async (mode, warnings) => {
  const handle = openLibsql(freshFile());
  handle.exec(`PRAGMA journal_mode = ${mode}`);
  const said: unknown[] = [];
  const silent = (): void => undefined;
  const logger = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (facts: unknown) => void said.push(facts),
  };
  await openStore(handle).init?.({ concurrency: 10, logger });
  expect(said).toHaveLength(warnings);
  await openStore(openLibsql(':memory:')).init?.({ concurrency: 10, logger });
  expect(said).toHaveLength(warnings);
});
