import type { DurableStore, StoreStats } from '@qbitflow/core';
import { expect, onTestFinished, test } from 'vitest';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, rowsOf } from './support/handles.js';
import { oldProcess } from './support/version-one.js';
import type { SqliteHandle } from '../src/index.js';

const take = { limit: 20, leaseMs: 60_000 };
const none = { succeeded: [] };

/** What the rows themselves say. */
function countedByHand(handle: SqliteHandle): Omit<StoreStats, 'oldestDueAgeMs'> {
  const [counts] = rowsOf(
    handle,
    `SELECT ifnull(sum(state = 'due'), 0) AS due, ifnull(sum(state = 'running'), 0) AS running,
       ifnull(sum(state = 'done'), 0) AS done, ifnull(sum(state = 'dead'), 0) AS dead,
       ifnull(sum(unhandled), 0) AS unhandled FROM qbitflow_deliveries`,
  );
  return JSON.parse(JSON.stringify(counts)) as Omit<StoreStats, 'oldestDueAgeMs'>; // as: rows have no type
}

async function goThroughEverything(store: DurableStore): Promise<void> {
  const leased = await store.record(delivery('taken'), { leaseMs: 60_000 });
  const token = leased.status === 'recorded' ? leased.taken?.token : undefined;
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await store.record(delivery(name));
  await store.record(delivery('a'));
  await store.record(delivery('dead'), { leaseMs: 1 });
  await store.record(delivery('unreadable', { dead: 'x', type: 'unreadable' }));
  await store.record(delivery('test', { unhandled: 'test money' }));
  await store.complete({ key: delivery('taken').key, token: token ?? '' }, none);
  const [a, b, c] = await store.takeDue({ ...take, limit: 3 });
  if (a === undefined || b === undefined || c === undefined) throw new Error('nothing was due');
  await store.complete(a, { succeeded: ['h'] });
  await store.retry(b, { delayMs: 0, error: 'x', ...none });
  await store.bury(c, { error: 'hopeless', ...none });
  await store.replay(a.key);
  await store.replay(delivery('test').key);
  await store.settleUnhandled({ types: { except: [] }, dueForMs: 0, limit: 3 });
  await store.discard(delivery('unreadable').key);
  await store.prune({ doneForMs: 0, limit: 2 });
}

test.each(drivers)('what stats counts is what there is, after every step: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await goThroughEverything(store);
  const byHand = countedByHand(await openHandle(file, driver));
  expect(byHand).toMatchObject({ done: 2, dead: 1 });
  expect(await store.stats()).toMatchObject(byHand);
});

test.each(drivers)('and what a process of the version before writes: %s', async (driver) => {
  const file = freshFile();
  const old = await oldProcess(file, driver);
  onTestFinished(() => {
    old.handle.close();
  });
  for (const name of ['done', 'dead', 'due', 'held']) old.record(name);
  const first = old.take();
  const store = openStore(file, { driver });
  expect(await store.stats()).toMatchObject({ due: 3, running: 1 });
  old.record('unreadable', 'dead');
  if (first !== undefined) old.complete(first);
  const second = old.take();
  if (second !== undefined) old.bury(second);
  old.take();
  expect(await store.stats()).toMatchObject({ due: 1, running: 1, done: 1, dead: 2 });
  expect(old.prune()).toBe(1);
  expect(old.discard('unreadable')).toBe(true);
  const byHand = countedByHand(old.handle);
  expect(byHand).toMatchObject({ due: 1, running: 1, done: 0, dead: 1 });
  expect(await store.stats()).toMatchObject(byHand);
});

test.each(drivers)('a write that is rolled back is not counted: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver });
  const missing: unknown = null;
  // Both go in one transaction, which the second one spoils.
  const good = store.record(delivery(1));
  await expect(store.record(delivery(2, { subject: missing as string }))).rejects.toBeInstanceOf(
    Error,
  ); // as: what JavaScript may pass
  await good;
  expect(await store.stats()).toMatchObject({ due: 1, done: 0 });
});

test.each(drivers)('a subject is found whatever its deliveries’ keys are: %s', async (driver) => {
  const store = openStore(freshFile(), { driver });
  const subject = 'pay@1';
  await store.record(delivery(1));
  await store.record(delivery('by its event', { subject, key: 'transaction.updated:evt_1' }));
  await store.record(delivery(2));
  const refunded = { subject, type: 'refund.completed', key: `refund.completed:${subject}` };
  await store.record(delivery(3, refunded), { leaseMs: 60_000 });
  const page = await store.list({ subject, limit: 2 });
  expect(page.items.map(({ key }) => key)).toEqual([refunded.key, 'transaction.updated:evt_1']);
  const rest = await store.list({ subject, limit: 2, cursor: page.nextCursor });
  expect(rest.items.map(({ key }) => key)).toEqual([delivery(1).key]);
  const running = await store.list({ subject, state: 'running' });
  expect(running.items.map(({ key }) => key)).toEqual([refunded.key]);
});

test.each(drivers)('a page is the newest of all types and states together: %s', async (driver) => {
  const store = openStore(freshFile(), { driver });
  const types = ['a', 'b', 'c'];
  for (let n = 0; n < 9; n += 1) await store.record(delivery(n, { type: types[n % 3] ?? '' }));
  await store.takeDue({ ...take, limit: 2 });
  const due = await store.list({ state: 'due', limit: 4 });
  expect(due.items.map(({ key }) => key)).toEqual([8, 7, 6, 5].map((n) => delivery(n).key));
  const more = await store.list({ state: 'due', limit: 4, cursor: due.nextCursor });
  expect(more.items.map(({ key }) => key)).toEqual([4, 3, 2].map((n) => delivery(n).key));
  const ofType = await store.list({ type: 'a' });
  expect(ofType.items.map(({ key }) => key)).toEqual([6, 3, 0].map((n) => delivery(n).key));
  expect((await store.list({ state: 'running' })).items).toHaveLength(2);
});
