import {
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { DurableStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, rowsOf } from './support/handles.js';

/** A store on a file that holds delivery 'before'. */
async function storeWithOne(file: string, driver: (typeof drivers)[number]): Promise<DurableStore> {
  const store = openStore(file, { driver });
  await store.record(delivery('before'));
  return store;
}

/** A backup of the file as it is now. */
async function backUp(file: string, driver: (typeof drivers)[number]): Promise<string> {
  const copy = `${file}.backup`;
  const handle = await openHandle(file, driver);
  handle.exec(`VACUUM INTO '${copy}'`);
  return copy;
}

const refused = async (call: Promise<unknown>): Promise<unknown> => {
  const error: unknown = await call.catch((failure: unknown) => failure);
  return error instanceof Error ? [Reflect.get(error, 'code'), factOf(error)] : error;
};

function factOf(error: Error): unknown {
  return Reflect.get(Object(Reflect.get(error, 'facts')), 'failure');
}

const GONE = ['store_unavailable', 'gone'];

const removals: readonly [string, (file: string) => void][] = [
  ['deleted', (file) => rmSync(file)],
  ['deleted with its log', (file) => ['', '-wal', '-shm'].forEach((end) => rmSync(file + end))],
  ['renamed', (file) => renameSync(file, `${file}.old`)],
  ['in a folder that was renamed', (file) => renameSync(dirname(file), `${dirname(file)}.old`)],
  [
    'in a folder that was replaced',
    (file) => {
      renameSync(dirname(file), `${dirname(file)}.old`);
      mkdirSync(dirname(file));
    },
  ],
];

for (const driver of drivers)
  test.each(removals)(
    `a file that was %s is noticed by every call: ${driver}`,
    async (_, remove) => {
      const file = freshFile();
      const store = await storeWithOne(file, driver);
      const taken = await takeOne(store);
      remove(file);
      expect(await refused(store.record(delivery(1)))).toEqual(GONE);
      expect(await refused(store.complete(taken, { succeeded: [] }))).toEqual(GONE);
      expect(await refused(store.takeDue({ limit: 1, leaseMs: 1_000 }))).toEqual(GONE);
      expect(await refused(store.stats())).toEqual(GONE);
      // No empty file passes for the one that was lost.
      expect(existsSync(file)).toBe(false);
      rmSync(`${dirname(file)}.old`, { recursive: true, force: true });
    },
  );

test.each(drivers)('a file that comes back is gone on with, nothing lost: %s', async (driver) => {
  const file = freshFile();
  const store = await storeWithOne(file, driver);
  renameSync(file, `${file}.away`);
  expect(await refused(store.record(delivery(1)))).toEqual(GONE);
  renameSync(`${file}.away`, file);
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
  expect(await store.stats()).toMatchObject({ due: 2 });
  expect(await openStore(file, { driver }).stats()).toMatchObject({ due: 2 });
});

test.each(drivers)(
  'a restored backup in its place is opened, and the log of the lost one spoils nothing: %s',
  async (driver) => {
    const file = freshFile();
    const store = await storeWithOne(file, driver);
    const backup = await backUp(file, driver);
    await store.record(delivery('after'));
    expect(statSync(`${file}-wal`).size).toBeGreaterThan(0);
    renameSync(file, `${file}.old`);
    renameSync(backup, file);
    expect(await store.record(delivery('new'))).toEqual({ status: 'recorded' });
    const other = openStore(file, { driver });
    for (const each of [store, other]) {
      expect(await each.get(delivery('before').key)).toMatchObject({ state: 'due' });
      expect(await each.get(delivery('after').key)).toBeUndefined();
      expect(await each.stats()).toMatchObject({ due: 2 });
    }
    const check = await openHandle(file, driver);
    expect(rowsOf(check, 'PRAGMA integrity_check')).toMatchObject([{ integrity_check: 'ok' }]);
  },
);

test.each(drivers)('what was renamed away is whole: %s', async (driver) => {
  const file = freshFile();
  const store = await storeWithOne(file, driver);
  const backup = await backUp(file, driver);
  await store.record(delivery('after'));
  renameSync(file, `${file}.old`);
  renameSync(backup, file);
  await store.stats();
  copyFileSync(`${file}.old`, `${file}.copy`);
  expect(await openStore(`${file}.copy`, { driver }).stats()).toMatchObject({ due: 2 });
});

test.each(drivers)(
  'deleted, refused, then restored later: it goes on from the backup: %s',
  async (driver) => {
    const file = freshFile();
    const store = await storeWithOne(file, driver);
    const backup = await backUp(file, driver);
    for (const end of ['', '-wal', '-shm']) rmSync(file + end);
    expect(await refused(store.record(delivery(1)))).toEqual(GONE);
    expect(await refused(store.record(delivery(1)))).toEqual(GONE);
    copyFileSync(backup, file);
    expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
    expect(await openStore(file, { driver }).stats()).toMatchObject({ due: 2 });
  },
);

test.each(drivers)('a file that is swapped while a group is written: %s', async (driver) => {
  const file = freshFile();
  const store = await storeWithOne(file, driver);
  const records = Array.from({ length: 600 }, async (_, n) =>
    store.record(delivery(n)).then(
      () => n,
      () => undefined,
    ),
  );
  await records[0];
  rmSync(file);
  const kept = (await Promise.all(records)).filter((n) => n !== undefined);
  // The first group was answered before; of what came after nothing may be.
  expect(kept.length).toBeLessThan(600);
  expect(await refused(store.record(delivery('later')))).toEqual(GONE);
});

test.each(drivers)(
  'the log removed from beside the file: nothing is answered that a restart would not find: %s',
  async (driver) => {
    const file = freshFile();
    const store = await storeWithOne(file, driver);
    for (const end of ['-wal', '-shm']) rmSync(file + end);
    const outcomes: unknown[] = [];
    for (const n of [1, 2, 3]) outcomes.push(await refused(store.record(delivery(n))));
    const recorded = outcomes.filter((outcome) => !Array.isArray(outcome)).length;
    await store.close();
    // As a restart would find it: in its own process's memory the file may look different.
    copyFileSync(file, `${file}.copy`);
    if (existsSync(`${file}-wal`)) copyFileSync(`${file}-wal`, `${file}.copy-wal`);
    const after = openStore(`${file}.copy`, { driver });
    expect((await after.stats()).due).toBeGreaterThanOrEqual(1 + recorded);
  },
);

test.each(drivers)('a database of the merchant: refused until it is back: %s', async (driver) => {
  const file = freshFile();
  const handle = await openHandle(file, driver);
  handle.exec('PRAGMA journal_mode = WAL');
  const store = openStore(handle);
  await store.record(delivery('before'));
  renameSync(file, `${file}.away`);
  expect(await refused(store.record(delivery(1)))).toEqual(GONE);
  copyFileSync(`${file}.away`, file);
  expect(await refused(store.record(delivery(1)))).toEqual(['store_unavailable', 'replaced']);
  const failure = await store.record(delivery(1)).catch((error: unknown) => error);
  expect(failure).toHaveProperty('message', expect.stringContaining('restart the process'));
  renameSync(`${file}.away`, file);
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});

test.each(drivers)('a log the merchant does without is not missed: %s', async (driver) => {
  const handle = await openHandle(freshFile(), driver);
  handle.exec('PRAGMA journal_mode = WAL');
  const store = openStore(handle);
  await store.record(delivery(1));
  handle.exec('PRAGMA journal_mode = DELETE');
  expect(await store.record(delivery(2))).toEqual({ status: 'recorded' });
});

test.each(drivers.filter((driver) => driver === 'node'))(
  'the log removed after a handler had a transaction: opened anew all the same: %s',
  async (driver) => {
    const file = freshFile();
    const store = await storeWithOne(file, driver);
    await store.transaction?.(async () => undefined);
    for (const end of ['-wal', '-shm']) rmSync(file + end);
    expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
    expect(existsSync(`${file}-shm`)).toBe(true);
    await store.transaction?.(async () => undefined);
    expect(await openStore(file, { driver }).stats()).toMatchObject({ due: 2 });
  },
);

test.each(drivers)('a link to where no file is yet: %s', async (driver) => {
  const file = freshFile();
  symlinkSync(`${file}.target`, file);
  const store = openStore(file, { driver });
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
  rmSync(file);
  expect(await refused(store.record(delivery(2)))).toEqual(GONE);
  symlinkSync(`${file}.target`, file);
  expect(await store.record(delivery(2))).toEqual({ status: 'recorded' });
});

test.each(drivers)(
  'a link that leads elsewhere leaves the first file whole: %s',
  async (driver) => {
    const file = freshFile();
    symlinkSync(`${file}.one`, file);
    const store = await storeWithOne(file, driver);
    const neighbour = openStore(`${file}.one`, { driver });
    await neighbour.record(delivery('neighbour'));
    rmSync(file);
    await openStore(`${file}.two`, { driver }).record(delivery('elsewhere'));
    symlinkSync(`${file}.two`, file);
    expect((await store.list({})).items.map(({ id }) => id)).toEqual(['evt_elsewhere']);
    expect(await neighbour.record(delivery('still'))).toEqual({ status: 'recorded' });
    expect(await neighbour.stats()).toMatchObject({ due: 3 });
  },
);
