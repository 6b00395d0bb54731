import type { DurableStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { openLibsql, rowsOf } from './support/handles.js';

// The same library as the handle that looks on: two in one process do not see each other's locks.
const driver = 'libsql';
const DONE = { status: 'duplicate', state: 'done' } as const;

const number = (rows: readonly unknown[], column: string): number =>
  Number(Reflect.get(Object(rows[0]), column));

async function completeAll(store: DurableStore): Promise<void> {
  for (;;) {
    const taken = await store.takeDue({ limit: 500, leaseMs: 60_000 });
    if (taken.length === 0) return;
    await Promise.all(taken.map(async (claim) => store.complete(claim, { succeeded: [] })));
  }
}

test('a tombstone is at most 100 bytes of the file, index included', async () => {
  const file = freshFile();
  const store = openStore(file, { driver, synchronous: 'normal' });
  await store.init?.();
  const handle = openLibsql(file);
  const count = 10_000;
  const size = () =>
    number(rowsOf(handle, 'PRAGMA page_count'), 'page_count') -
    number(rowsOf(handle, 'PRAGMA freelist_count'), 'freelist_count');
  const empty = size();
  for (let from = 0; from < count; from += 1_000) {
    const batch = Array.from({ length: 1_000 }, (_, n) => `${from + n}`.padStart(36, '0'));
    // Done on arrival: what it was before does not matter here.
    await Promise.all(batch.map(async (n) => store.record(delivery(n, { unhandled: 'x' }))));
    expect(await store.prune({ doneForMs: 0, limit: 1_000 })).toBe(1_000);
  }
  expect(number(rowsOf(handle, 'SELECT count(*) AS n FROM qbitflow_deliveries_keys'), 'n')).toBe(
    count,
  );
  const pageSize = number(rowsOf(handle, 'PRAGMA page_size'), 'page_size');
  expect(((size() - empty) * pageSize) / count).toBeLessThan(100);
});

test('deleted by hand, what was done or dead stays known; what was due comes again', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  for (const name of ['a', 'b', 'c'])
    await store.record(delivery(name, { dead: name === 'b' ? 'unreadable' : undefined }));
  const [taken] = await store.takeDue({ limit: 1, leaseMs: 60_000 });
  await store.complete(taken ?? { key: '', token: '' }, { succeeded: [] });
  const handle = openLibsql(file);
  handle.exec('DELETE FROM qbitflow_deliveries');
  for (const name of ['a', 'b']) expect(await store.record(delivery(name))).toEqual(DONE);
  expect(await store.record(delivery('c'))).toEqual({ status: 'recorded' });
});

test('a webhook kept beside goes with its delivery', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.record(delivery(1, { source: 'return' }));
  await store.record(delivery(1, { raw: Buffer.from('the webhook') }));
  await store.record(delivery(1, { raw: Buffer.from('its retry') }));
  const handle = openLibsql(file);
  const beside = () =>
    rowsOf(handle, 'SELECT CAST(raw AS TEXT) AS raw FROM qbitflow_deliveries_webhooks');
  expect(beside()).toEqual([{ raw: 'the webhook' }]);
  await completeAll(store);
  await store.prune({ doneForMs: 0, limit: 10 });
  expect(beside()).toEqual([]);
});

test('a webhook that cannot be read completes nothing', async () => {
  const store = openStore(freshFile(), { driver });
  await store.record(delivery(1, { source: 'recovery' }));
  await store.record(delivery(1, { dead: 'unreadable' }));
  expect(await store.get(delivery(1).key)).not.toHaveProperty('webhook');
});

test.each([{ keepKeysMs: Number.NaN }, { doneForMs: Number.NaN }, { limit: Number.NaN }])(
  'prune refuses %j and drops nothing',
  async (odd) => {
    const store = openStore(freshFile(), { driver });
    await store.record(delivery(1, { unhandled: 'x' }));
    const pruned = store.prune({ doneForMs: 0, limit: 10, ...odd });
    await expect(pruned).rejects.toMatchObject({ code: 'misconfigured' });
    expect(await store.get(delivery(1).key)).toMatchObject({ state: 'done' });
  },
);

test('a delivery without a field is refused, and does not pass for one that is known', async () => {
  const store = openStore(freshFile(), { driver });
  const missing: unknown = null;
  for (const field of ['subject', 'id', 'type', 'version', 'source', 'receivedAt', 'key']) {
    const recording = store.record(delivery(1, { [field]: missing }));
    await expect(recording).rejects.toBeInstanceOf(Error);
  }
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});

test('a long prune goes in steps, and what is recorded meanwhile need not wait for the last', async () => {
  const store = openStore(freshFile(), { driver, synchronous: 'normal' });
  const all = Array.from({ length: 400 }, (_, n) => delivery(n, { unhandled: 'x' }));
  await Promise.all(all.map(async (one) => store.record(one)));
  const order: string[] = [];
  const pruned = store.prune({ doneForMs: 0, limit: 380 }).then((count) => {
    order.push(`pruned ${count}`);
  });
  await new Promise((resolve) => setImmediate(resolve));
  await store.record(delivery('new'));
  order.push('recorded');
  await pruned;
  expect(order).toEqual(['recorded', 'pruned 380']);
  expect(await store.stats()).toMatchObject({ due: 1, done: 20 });
  expect(await store.prune({ doneForMs: 0, limit: 500 })).toBe(20);
});
