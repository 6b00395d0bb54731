import { existsSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { sqliteStore } from '../src/index.js';
import { delivery } from './support/deliveries.js';
import { freshFile, freshFolder, openStore } from './support/files.js';
import { drivers, openHandle, openLibsql } from './support/handles.js';

test('nothing is made before the first call, and nothing else but the file asked for', async () => {
  const file = freshFile();
  const store = openStore(file);
  expect(existsSync(file)).toBe(false);
  await store.record(delivery(1));
  expect(existsSync(file)).toBe(true);
});

test.each(drivers)('a file that is no database is said to be none: %s', async (driver) => {
  const file = freshFile();
  writeFileSync(file, 'x'.repeat(4_096));
  const store = openStore(file, { driver });
  const failure = await store.record(delivery(1)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store_unavailable', facts: { failure: 'corrupt' } });
  rmSync(file);
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});

test.each(drivers)('a folder where the file should be cannot be opened: %s', async (driver) => {
  const file = join(freshFolder(), 'inbox.db');
  mkdirSync(file);
  const store = openStore(file, { driver });
  const failure = await store.record(delivery(1)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store_unavailable', facts: { failure: 'cannot-open' } });
  rmdirSync(file);
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});

test.each(drivers)('in memory it works and does not call itself durable: %s', async (driver) => {
  const store = openStore(':memory:', { driver });
  expect(store.durable).toBe(false);
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
  expect(await store.record(delivery(1))).toEqual({ status: 'duplicate', state: 'due' });
});

test.each(drivers)(
  'a database in memory that is passed in does not call itself durable: %s',
  async (driver) => {
    for (const path of [':memory:', '']) {
      const store = openStore(await openHandle(path, driver));
      expect(store.durable).toBe(false);
      expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
    }
    expect(openStore(await openHandle(freshFile(), driver)).durable).toBe(true);
  },
);

test.each<[object, string]>([
  [{ busyTimeout: 1 }, "sqliteStore: 'busyTimeout' is no option: did you mean busyTimeoutMs?"],
  [{ pool: {} }, "sqliteStore: 'pool' is no option: it takes prefix"],
])('refuses an option that does not exist: %j', (options, cure) => {
  expect(() => sqliteStore(':memory:', options)).toThrow(
    expect.objectContaining({ code: 'misconfigured', message: expect.stringContaining(cure) }),
  );
});

test('what is closed already says so at the first call, not at once', async () => {
  const handle = openLibsql(freshFile());
  handle.close();
  const store = sqliteStore(handle);
  await expect(store.record(delivery(1))).rejects.toMatchObject({ code: 'store_unavailable' });
});

test.each(drivers)('a file opened here has a write-ahead log: %s', async (driver) => {
  const file = freshFile();
  await openStore(file, { driver }).record(delivery(1));
  expect(existsSync(`${file}-wal`)).toBe(true);
});

test.each([
  '',
  'libsql://elsewhere.test',
  'file:///inbox.db',
  'file::memory:',
  'file:inbox.db?mode=memory',
  ' :Memory: ',
])('refuses %j as a path', (path) => {
  expect(() => sqliteStore(path)).toThrow(expect.objectContaining({ code: 'misconfigured' }));
});

test.each([
  { prefix: "x'; DROP TABLE orders; --" },
  { prefix: '' },
  { prefix: '1st_' },
  { busyTimeoutMs: Number.NaN },
  { busyTimeoutMs: -1 },
  { transactionTimeoutMs: 0 },
  { transactionTimeoutMs: Infinity },
])('refuses %j', (options) => {
  expect(() => sqliteStore(':memory:', options)).toThrow(
    expect.objectContaining({ code: 'misconfigured' }),
  );
});
