import { expect, test } from 'vitest';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { openLibsql, rowsOf } from './support/handles.js';

// The same library as the handle: two in one process do not see each other's locks.
const driver = 'libsql';

test('a file that is up to date is not written when it is opened', async () => {
  const file = freshFile();
  await openStore(file, { driver }).init?.();
  const holder = openLibsql(file);
  // Nobody could write now.
  holder.exec('BEGIN IMMEDIATE');
  const second = openStore(file, { driver, busyTimeoutMs: 50 });
  await second.init?.();
  expect(await second.stats()).toMatchObject({ due: 0 });
  holder.exec('ROLLBACK');
});

test('a file of a newer package is refused and left alone', async () => {
  const file = freshFile();
  await openStore(file, { driver }).record(delivery(1));
  const handle = openLibsql(file);
  handle.exec('UPDATE qbitflow_deliveries_schema SET version = 99');
  const store = openStore(file, { driver });
  const failure = await store.record(delivery(2)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'misconfigured', facts: { version: 99 } });
  expect(rowsOf(handle, 'SELECT key FROM qbitflow_deliveries')).toHaveLength(1);
});

test('init again and again, and from several stores at once, is one migration', async () => {
  const file = freshFile();
  const stores = Array.from({ length: 5 }, () => openStore(file, { driver }));
  await Promise.all([...stores, ...stores].map(async (store) => store.init?.()));
  const handle = openLibsql(file);
  expect(rowsOf(handle, 'SELECT version FROM qbitflow_deliveries_schema')).toEqual([
    { version: 4 },
  ]);
});
