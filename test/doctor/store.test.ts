import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createQBitFlow, type DurableStore, memoryStore, systemClock } from '@qbitflow/core';
import { sqliteStore } from '@qbitflow/store-sqlite';
import Database from 'libsql';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { durableStores } from '../journeys/support/durable-stores.js';
import { type Api, examine, openShop, SECRET, startApi } from './doctor-shop.js';

let api: Api;
beforeAll(async () => {
  api = await startApi();
});

const look = async (store: DurableStore, more: Parameters<typeof examine>[0] = {}) =>
  examine({ env: { QBITFLOW_BASE_URL: api.env['QBITFLOW_BASE_URL'] }, store, ...more });

/** A process that runs handlers on a store, whose minutes are moments; resolves once it has said that it is there. */
async function startWorker(store: DurableStore, processing?: 'elsewhere'): Promise<void> {
  const after: typeof systemClock.after = (ms, callback, options) =>
    systemClock.after(ms / 100, callback, options);
  const kit = createQBitFlow({
    store,
    webhookSecret: SECRET,
    logger: false,
    holder: 'web-1:4711',
    clock: { ...systemClock, after },
    ...(processing === undefined ? {} : { processing }),
  });
  onTestFinished(async () => kit.close());
  await kit.start();
  while ((await store.notes?.('activity/process/'))?.length === 0) await pause(20);
}

describe.each(durableStores)('$name', ({ isThere, make }) => {
  test.skipIf(!isThere)('before the app has started on it: nothing is made', async () => {
    const data = await make();
    const [first, second] = [await look(data.open()), await look(data.open())];
    for (const { of, code } of [first, second])
      expect([code, of('schema'), of('writable')]).toEqual([
        1,
        ['fail there is none yet: start your app once: the kit makes it'],
        [],
      ]);
  });

  test.skipIf(!isThere)(
    'with a process at work on it all is well, and nothing is left',
    async () => {
      const data = await make();
      const store = data.open();
      await startWorker(store);
      const { of, code } = await look(data.open());
      expect(of('store')).toEqual([`ok ${store.name} answers`]);
      expect(of('schema')[0]).toMatch(/^ok of version \d, as this package has it$/);
      expect(of('writable')).toEqual(['ok a note was written, read and taken back']);
      expect(of('worker')).toEqual(['ok 1 process runs handlers: web-1:4711']);
      expect(of('inbox')).toEqual(['ok nothing waits, no dead letters']);
      expect(code).toBe(0);
      expect(await store.notes?.('doctor/')).toEqual([]);
    },
  );
});

test('a durable store is told so, and what a server is set up for as well', async () => {
  const store = { ...memoryStore(), name: 'table', durable: true };
  expect((await look(store)).of('durable')).toEqual(['ok what is recorded outlives the process']);
  const risky: DurableStore = {
    ...store,
    init: async (start) =>
      start?.logger.warn({ code: 'redis_forgets' }, 'Redis keeps no file: set appendonly yes'),
  };
  expect((await look(risky)).of('durable')).toEqual([
    'warn Redis keeps no file: set appendonly yes',
  ]);
});

test('a SQLite file leaves no row behind', async () => {
  const file = freshFile();
  const store = sqliteStore(file);
  onTestFinished(async () => store.close());
  await startWorker(store);
  const before = rowsOf(file);
  expect((await look(sqliteStore(file))).of('writable')[0]).toMatch(/^ok/);
  expect(rowsOf(file)).toEqual(before);
});

function freshFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-doctor-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return join(folder, 'shop.db');
}

/**
 * Read by another process: on newer Nodes the store's driver is Node's own, and of two copies of SQLite in one process the
 * one that closes a file takes away the other's locks.
 */
function rowsOf(file: string): string {
  const script = `const Database = require('libsql');
    console.log(JSON.stringify(new Database(process.argv[1]).prepare('SELECT name FROM qbitflow_deliveries_notes').all()));`;
  return execFileSync(process.execPath, ['-e', script, file], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
}

test.each<[number, string]>([
  [
    2,
    'fail it is of version 2, and this package works with 4: start your app with this version of the package, which brings it up to date',
  ],
  [
    99,
    'fail it is of version 99, and this package knows 4: a newer @qbitflow/store-sqlite made it: update the one here',
  ],
])('a schema of version %d is told of, and left as it is', async (version, line) => {
  const file = freshFile();
  const store = sqliteStore(file);
  await store.init?.();
  await store.close();
  const database = new Database(file);
  onTestFinished(() => void database.close());
  database.exec(`UPDATE qbitflow_deliveries_schema SET version = ${version}`);
  const { of, code } = await look(sqliteStore(file));
  expect([code, of('schema')]).toEqual([1, [line]]);
  const read = database.prepare('SELECT version FROM qbitflow_deliveries_schema');
  expect(read.all()).toEqual([{ version }]);
});

test('a SQLite file that is not there is not made', async () => {
  const file = freshFile();
  expect((await look(sqliteStore(file))).of('schema')).toEqual([
    'fail there is none yet: start your app once: the kit makes it',
  ]);
  expect(existsSync(file)).toBe(false);
});

const NOBODY =
  "start the app, and let it call qbitflow.start() without processing: 'elsewhere'; one that has just started says so within ten seconds";

test('nobody at work, or only those who take deliveries in', async () => {
  const store = { ...memoryStore(), name: 'table', durable: true };
  expect((await look(store)).of('worker')).toEqual([
    `fail no process runs handlers on this store: ${NOBODY}`,
  ]);
  await startWorker(store, 'elsewhere');
  expect((await look(store)).of('worker')).toEqual([
    `fail no process runs handlers on this store (1 only take deliveries in): ${NOBODY}`,
  ]);
});

test('what waits, what is dead, and what no handler has seen', async () => {
  const store = { ...memoryStore(), name: 'table', durable: true };
  const stats = { due: 3, running: 0, done: 9, dead: 2, unhandled: 1, oldestDueAgeMs: 3_600_000 };
  const full: DurableStore = { ...store, stats: async () => stats };
  expect((await look(full)).of('inbox')).toEqual([
    'warn 3 due, the oldest for 60 min; 2 dead (qbitflow deliveries list --state dead); 1 that no handler has seen (qbitflow deliveries list --unhandled)',
  ]);
});

test('a store without notes is asked what it can be', async () => {
  const none = { putNote: undefined, notes: undefined };
  const { of } = await look(Object.assign(memoryStore(), none));
  expect([...of('schema'), ...of('writable'), ...of('worker')]).toEqual([
    'ok a change of nothing was taken',
    'skipped this store keeps no notes about who works with it',
  ]);
});

test('a store that takes nothing, one that is away, and one that hangs', async () => {
  const store = memoryStore();
  const full = { ...store, putNote: async () => Promise.reject(new Error('disk full')) };
  expect((await look(full)).of('writable')).toEqual(['fail disk full']);
  const lagging = { ...store, notes: async () => [] };
  expect((await look(lagging)).of('writable')).toEqual([
    'fail a note was written, and is not there: it may be a replica that lags behind: give the primary',
  ]);
  const away = { ...store, init: async () => Promise.reject(new Error('connection refused')) };
  const { of, code } = await look(away);
  expect([code, of('store')]).toEqual([1, ['ok memory answers', 'fail connection refused']]);
  const after: typeof systemClock.after = (ms, callback) => systemClock.after(ms / 100, callback);
  const hanging = { ...store, stats: async () => new Promise<never>(() => undefined) };
  expect((await look(hanging, { clock: { ...systemClock, after } })).of('inbox')).toEqual([
    'fail it did not answer within 10 s: is it running and reachable?',
  ]);
});

test('another store than the kit behind the URL has', async () => {
  const shop = await openShop();
  const env = { ...api.env, QBITFLOW_WEBHOOK_URL: shop.webhook };
  const store = { ...memoryStore(), name: 'table', durable: true };
  expect((await look(store, { env })).of('store')).toEqual([
    'ok table answers',
    'warn this is table, and the kit behind the URL keeps its deliveries in memory: give the store that the app has, or the app this store',
  ]);
});

test('where handlers run before the answer nobody need be at work', async () => {
  const shop = await openShop({ processing: 'before-reply' });
  const env = { ...api.env, QBITFLOW_WEBHOOK_URL: shop.webhook };
  expect((await look(shop.store, { env })).of('worker')).toEqual([
    'skipped the kit runs its handlers before each answer: none need be there',
  ]);
});
