import { expect, test } from 'vitest';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, openLibsql, rowsOf } from './support/handles.js';

const done = { succeeded: ['ship'], done: true };

test.each(drivers)(
  "the handler's write and the completion commit together on the store's own handle: %s",
  async (driver) => {
    const handle = await openHandle(freshFile(), driver);
    const store = openStore(handle);
    await store.record(delivery(1));
    const taken = await takeOne(store);
    handle.exec('CREATE TABLE orders (id INTEGER)');
    handle.exec('BEGIN IMMEDIATE');
    handle.exec('INSERT INTO orders VALUES (1)');
    expect(await store.completeWithin?.(handle, taken, done)).toBe('ok');
    handle.exec('COMMIT');
    expect(await store.get(taken.key)).toMatchObject({ state: 'done', succeeded: ['ship'] });
    expect(rowsOf(handle, 'SELECT id FROM orders')).toHaveLength(1);
  },
);

test.each(drivers)('without a transaction nothing is completed: %s', async (driver) => {
  const handle = await openHandle(freshFile(), driver);
  const store = openStore(handle);
  await store.record(delivery(1));
  const taken = await takeOne(store);
  await expect(store.completeWithin?.(handle, taken, done)).rejects.toMatchObject({
    code: 'misconfigured',
  });
  expect(await store.get(taken.key)).toMatchObject({ state: 'running' });
});

test('what is no database is refused', async () => {
  const store = openStore(freshFile());
  const claim = { key: 'a', token: 'b' };
  await expect(store.completeWithin?.({ query: () => [] }, claim, done)).rejects.toMatchObject({
    code: 'misconfigured',
  });
});

test('a database without the table of deliveries is an outage, not a completion', async () => {
  const store = openStore(freshFile());
  const elsewhere = openLibsql(freshFile());
  elsewhere.exec('BEGIN');
  await expect(
    store.completeWithin?.(elsewhere, { key: 'a', token: 'b' }, done),
  ).rejects.toMatchObject({ code: 'store_unavailable' });
  elsewhere.exec('ROLLBACK');
});
