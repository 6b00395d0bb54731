import { setTimeout as pause } from 'node:timers/promises';
import type { DurableStore, TakenDelivery } from '@qbitflow/core';
import { expect, onTestFinished, test } from 'vitest';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, rowsOf } from './support/handles.js';
import { keyOf, oldProcess, type OldProcess } from './support/version-one.js';

const DONE = { status: 'duplicate', state: 'done' } as const;
const none = { succeeded: [] };

async function startOld(
  file: string,
  driver: (typeof drivers)[number],
): ReturnType<typeof oldProcess> {
  const old = await oldProcess(file, driver);
  onTestFinished(() => {
    old.handle.close();
  });
  return old;
}

function takenBy(old: OldProcess, leaseMs?: number): { key: string; token: string } {
  const claim = old.take(leaseMs);
  if (claim === undefined) throw new Error('nothing was due');
  return claim;
}

/** Takes until nothing comes any more. */
async function takeAll(store: DurableStore): Promise<TakenDelivery[]> {
  const all: TakenDelivery[] = [];
  for (let batch: readonly TakenDelivery[]; ; all.push(...batch)) {
    batch = await store.takeDue({ limit: 3, leaseMs: 60_000 });
    if (batch.length === 0) return all;
  }
}

test.each(drivers)(
  'a file of the version before, with deliveries in every state: none is lost, none doubled: %s',
  async (driver) => {
    const file = freshFile();
    const old = await startOld(file, driver);
    for (const name of ['done', 'dead', 'put-off', 'failed', 'killed', 'held']) old.record(name);
    old.record('unreadable', 'dead');
    old.complete(takenBy(old));
    old.bury(takenBy(old));
    old.retry(takenBy(old), 300);
    old.retry(takenBy(old), 0);
    takenBy(old, 1);
    const held = takenBy(old);
    const failedAgain = takenBy(old);
    old.retry(failedAgain, 0, false);
    old.record('fresh');
    await pause(5);

    const before = Date.now();
    const store = openStore(file, { driver });
    await store.init?.();
    expect(await store.knownSince()).toBeGreaterThanOrEqual(before - 1_000);
    expect(await store.stats()).toMatchObject({ due: 3, running: 2, done: 1, dead: 2 });
    expect(await store.get(keyOf('put-off'))).toMatchObject({ state: 'due', started: 1 });
    expect(await store.get(keyOf('dead'))).toMatchObject({ lastError: 'hopeless', finished: 1 });

    await pause(320);
    const taken = await takeAll(store);
    const facts = taken.map(({ key, started, finished, lapsed }) =>
      [key, started, finished, lapsed].join(' '),
    );
    expect(facts.toSorted()).toEqual([
      `${keyOf('failed')} 2 1 false`,
      `${keyOf('fresh')} 1 0 false`,
      `${keyOf('killed')} 1 0 true`,
      `${keyOf('put-off')} 2 1 false`,
    ]);
    const putOff = taken.find(({ key }) => key === keyOf('put-off'));
    expect(putOff).toMatchObject({
      succeeded: ['a'],
      raw: new Uint8Array(Buffer.from('put-off')),
    });
    expect(putOff?.dueSince).toBeLessThanOrEqual(before);
    for (const each of taken) expect(await store.complete(each, none)).toBe('ok');
    expect(await store.complete(held, none)).toBe('ok');
    expect(await store.replay(keyOf('dead'))).toBe(true);
    expect(await store.replay(keyOf('done'))).toBe(true);
    expect(await takeAll(store)).toHaveLength(2);
    expect(await store.stats()).toMatchObject({ due: 0, running: 2, done: 5, dead: 1 });
  },
);

test.each(drivers)(
  'a process of the version before goes on beside: what either takes the other leaves alone: %s',
  async (driver) => {
    const file = freshFile();
    const old = await startOld(file, driver);
    for (const name of ['1', '2']) old.record(name);
    const store = openStore(file, { driver });
    for (const name of ['3', '4', '5']) await store.record(delivery(name));
    expect(old.record('3')).toBe(false);
    expect(await store.record(delivery('1'))).toEqual({ status: 'duplicate', state: 'due' });
    const keys: string[] = [];
    for (let turn = 0; turn < 4; turn += 1) {
      const theirs = old.take();
      if (theirs !== undefined) keys.push(theirs.key);
      keys.push(...(await store.takeDue({ limit: 1, leaseMs: 60_000 })).map(({ key }) => key));
    }
    expect(keys.toSorted()).toEqual(['1', '2', '3', '4', '5'].map(keyOf));
  },
);

test.each(drivers)(
  'what it does with what stands in line takes that out of it: %s',
  async (driver) => {
    const file = freshFile();
    const old = await startOld(file, driver);
    const store = openStore(file, { driver });
    // Three of one subject: one stands in front, the others behind it.
    for (const name of ['1', '2', '3'])
      await store.record(delivery(name, { subject: 'sub@1', key: keyOf(name) }));
    const nobodys = { limit: 9, leaseMs: 60_000, exceptSubjects: ['sub@1'] };
    expect(await store.takeDue(nobodys)).toEqual([]);
    const first = takenBy(old, 1);
    expect(first.key).toBe(keyOf('1'));
    await pause(5);
    // Its lease has lapsed, which the store notices, and is renewed all the same.
    expect(await store.takeDue(nobodys)).toEqual([]);
    expect(old.extend(first, 60_000)).toBe(true);
    const [second] = await store.takeDue({ limit: 9, leaseMs: 60_000 });
    expect(second?.key).toBe(keyOf('2'));
    expect(old.retry(first, 0)).toBe(true);
    const rest = await takeAll(store);
    expect(rest.map(({ key }) => key).toSorted()).toEqual([keyOf('1'), keyOf('3')]);
  },
);

test.each(drivers)('keys that it prunes, discards and replays stay known: %s', async (driver) => {
  const file = freshFile();
  const old = await startOld(file, driver);
  for (const name of ['pruned', 'kept']) old.record(name);
  for (const name of ['discarded', 'replayed']) old.record(name, 'dead');
  old.complete(takenBy(old));
  const store = openStore(file, { driver });
  await store.init?.();
  expect(old.prune()).toBe(1);
  expect(old.discard('discarded')).toBe(true);
  expect(old.replay('replayed')).toBe(true);
  for (const name of ['pruned', 'discarded']) {
    expect(await store.get(keyOf(name))).toBeUndefined();
    expect(await store.record(delivery(name))).toEqual(DONE);
  }
  await store.prune({ doneForMs: Infinity, limit: 10 });
  expect(rowsOf(old.handle, 'SELECT key FROM qbitflow_deliveries_gone')).toEqual([]);
  expect(rowsOf(old.handle, 'SELECT hash FROM qbitflow_deliveries_keys')).toHaveLength(2);
  for (const name of ['pruned', 'discarded'])
    expect(await store.record(delivery(name))).toEqual(DONE);
  const keys = (await takeAll(store)).map(({ key }) => key);
  expect(keys.toSorted()).toEqual([keyOf('kept'), keyOf('replayed')]);
});

test.each(drivers)(
  'a file of the version before history is brought up to date: %s',
  async (driver) => {
    const file = freshFile();
    const first = openStore(file, { driver });
    await first.record(delivery('kept', { dead: 'needle' }));
    await first.record(delivery('due'));
    await first.close();
    const handle = await openHandle(file, driver);
    handle.exec(`DROP INDEX qbitflow_deliveries_by_reference; DROP INDEX qbitflow_deliveries_failed;
    ALTER TABLE qbitflow_deliveries DROP COLUMN reference; ALTER TABLE qbitflow_deliveries DROP COLUMN duplicates;
    ALTER TABLE qbitflow_deliveries DROP COLUMN attempts; DROP TABLE qbitflow_deliveries_notes;
    UPDATE qbitflow_deliveries_schema SET version = 3`);
    const store = openStore(file, { driver });
    await store.init?.();
    expect(await store.stats()).toMatchObject({ due: 1, dead: 1 });
    const found = await store.list({ error: 'NEEDLE' });
    expect(found.items.map(({ key }) => key)).toEqual([keyOf('kept')]);
    expect(await store.record(delivery('due'))).toMatchObject({ status: 'duplicate' });
    expect(await store.get(keyOf('due'))).toMatchObject({ duplicates: 1 });
    await store.record(delivery('new', { reference: 'order 7' }));
    const { items } = await store.list({ reference: 'order 7' });
    expect(items.map(({ key }) => key)).toEqual([keyOf('new')]);
  },
);
