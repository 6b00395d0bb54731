import { setTimeout as pause } from 'node:timers/promises';
import { renameSync, rmSync } from 'node:fs';
import type { DurableStore } from '@qbitflow/core';
import { expect, test, vi } from 'vitest';
import { withTransaction, type SqliteHandle, type TransactionHandle } from '../src/index.js';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, openLibsql, rowsOf } from './support/handles.js';
import { makeOrders, openShop } from './support/shops.js';

// The same library as the handle that looks on: two in one process do not see each other's locks.
const driver = 'libsql';

const INSERT = "INSERT INTO orders VALUES ('a')";

/** Stores on a file, opened by the store and passed in. */
const openers: readonly [string, (file: string) => Promise<DurableStore>][] = [
  ['a path', async (file) => openStore(file, { driver })],
  ["the merchant's database", async (file) => openStore(await merchants(file))],
];

async function merchants(file: string): Promise<SqliteHandle> {
  const handle = await openHandle(file, driver);
  handle.exec('PRAGMA journal_mode = WAL');
  return handle;
}

/** The store's transaction, with a handle in it. */
async function within<Result>(
  store: DurableStore,
  work: (tx: TransactionHandle) => Promise<Result>,
): Promise<Result | undefined> {
  return store.transaction?.(async (tx) => work(tx as TransactionHandle));
}

test.each(openers)('a handler on %s: its write and the completion are one', async (_, open) => {
  const file = freshFile();
  const store = await open(file);
  await store.init?.();
  const orders = makeOrders(file);
  const shop = await openShop(store, async (context) =>
    withTransaction(context, async (tx) => {
      tx.prepare('INSERT INTO orders VALUES (?)').run('a');
      await pause(20);
      if (context.attempt < 3) throw new Error('no stock');
    }),
  );
  expect(await shop.pay('pay@1')).toBe(200);
  await vi.waitFor(async () => expect(await store.stats()).toMatchObject({ done: 1 }), 10_000);
  expect(orders()).toBe(1);
  const stored = await store.get('payment.completed:pay@1');
  expect(stored).toMatchObject({
    started: 3,
    finished: 3,
    lastError: 'payment.completed: no stock',
  });
});

test.each(openers)('a handler whose lease was lost writes nothing: %s', async (_, open) => {
  const file = freshFile();
  const store = await open(file);
  await store.record(delivery(1));
  const orders = makeOrders(file);
  const stale = await takeOne(store, 0);
  const current = await takeOne(store);
  const written = within(store, async (tx) => {
    tx.exec(INSERT);
    const outcome = await store.completeWithin?.(tx, stale, { succeeded: ['a'], done: true });
    if (outcome === 'lost') throw new Error('lost');
  });
  await expect(written).rejects.toThrow('lost');
  expect(orders()).toBe(0);
  expect(await store.complete(current, { succeeded: [] })).toBe('ok');
});

test.each(openers)(
  'while one is open, what is recorded waits and the event loop goes on: %s',
  async (_, open) => {
    const file = freshFile();
    const store = await open(file);
    await store.init?.();
    makeOrders(file);
    let recorded = false;
    let turns = 0;
    const turning = setInterval(() => (turns += 1), 5);
    const waiting = within(store, async (tx) => {
      tx.exec(INSERT);
      const recording = store.record(delivery(1)).then(() => (recorded = true));
      await pause(150);
      expect(recorded).toBe(false);
      // Reading needs no lock.
      expect(await store.stats()).toMatchObject({ due: 0 });
      return { recording };
    });
    await (
      await waiting
    )?.recording;
    clearInterval(turning);
    expect(recorded).toBe(true);
    expect(turns).toBeGreaterThan(2);
  },
);

test("the merchant's own statements meanwhile are not in it", async () => {
  const file = freshFile();
  const handle = await merchants(file);
  const store = openStore(handle);
  await store.init?.();
  const orders = makeOrders(file);
  const failed = within(store, async (tx) => {
    tx.exec('CREATE TABLE other (id)');
    // On the merchant's own connection: it sees nothing of the transaction, and what it writes would have to wait.
    expect(rowsOf(handle, "SELECT name FROM sqlite_master WHERE name = 'other'")).toEqual([]);
    expect(() => {
      handle.exec(INSERT);
    }).toThrow('locked');
    throw new Error('rolled back');
  });
  await expect(failed).rejects.toThrow('rolled back');
  handle.exec(INSERT);
  expect(orders()).toBe(1);
});

test.each(openers)(
  'two at once take turns, and one failing spoils no other: %s',
  async (_, open) => {
    const file = freshFile();
    const store = await open(file);
    await store.init?.();
    const orders = makeOrders(file);
    let inside = 0;
    const most: number[] = [];
    const outcomes = await Promise.allSettled(
      [1, 2, 3, 4].map(async (n) =>
        within(store, async (tx) => {
          inside += 1;
          most.push(inside);
          tx.exec(INSERT);
          await pause(10);
          inside -= 1;
          if (n % 2 === 0) throw new Error('no');
        }),
      ),
    );
    expect(outcomes.map(({ status }) => status)).toEqual(
      Array.from({ length: 4 }, (__, n) => (n % 2 === 0 ? 'fulfilled' : 'rejected')),
    );
    expect(Math.max(...most)).toBe(1);
    expect(orders()).toBe(2);
  },
);

test('one that stays open is rolled back, what it holds is dead, and everybody goes on', async () => {
  const file = freshFile();
  const store = openStore(file, { driver, transactionTimeoutMs: 60, busyTimeoutMs: 10_000 });
  await store.init?.();
  const orders = makeOrders(file);
  let kept: TransactionHandle | undefined;
  const hanging = within(store, async (tx) => {
    kept = tx;
    tx.exec(INSERT);
    await new Promise(() => undefined);
  });
  const recording = store.record(delivery(1));
  await expect(hanging).rejects.toMatchObject({ code: 'handler_timeout' });
  expect(await recording).toEqual({ status: 'recorded' });
  expect(orders()).toBe(0);
  expect(() => kept?.exec(INSERT)).toThrow('is over');
  await within(store, async (tx) => tx.exec(INSERT));
  expect(orders()).toBe(1);
});

test('what one left behind cannot write in the next one', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.init?.();
  const orders = makeOrders(file);
  let kept: TransactionHandle | undefined;
  await within(store, async (tx) => {
    kept = tx;
  });
  const failed = within(store, async () => {
    expect(() => kept?.exec(INSERT)).toThrow('is over');
    throw new Error('no');
  });
  await expect(failed).rejects.toThrow('no');
  const claim = { key: 'a', token: 'b' };
  await expect(
    store.completeWithin?.(kept, claim, { succeeded: [], done: true }),
  ).rejects.toMatchObject({ code: 'misconfigured' });
  expect(orders()).toBe(0);
});

test('a transaction that the handler ended itself completes nothing', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.record(delivery(1));
  const taken = await takeOne(store);
  const ended = within(store, async (tx) => {
    tx.exec('COMMIT');
    await store.completeWithin?.(tx, taken, { succeeded: [], done: true });
  });
  await expect(ended).rejects.toMatchObject({ code: 'misconfigured' });
  expect(await store.get(taken.key)).toMatchObject({ state: 'running' });
  expect(await store.complete(taken, { succeeded: [] })).toBe('ok');
});

test('closing ends the open one and refuses those that wait', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.init?.();
  const orders = makeOrders(file);
  let begin: () => void = () => undefined;
  const began = new Promise<void>((resolve) => (begin = resolve));
  const open = within(store, async (tx) => {
    tx.exec(INSERT);
    begin();
    await new Promise(() => undefined);
  });
  const waiting = within(store, async (tx) => tx.exec(INSERT));
  const outcomes = Promise.allSettled([open, waiting]);
  await began;
  await store.close();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(orders()).toBe(0);
});

test('a file that is replaced meanwhile: neither is committed', async () => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.init?.();
  makeOrders(file);
  const lost = within(store, async (tx) => {
    tx.exec(INSERT);
    renameSync(file, `${file}.old`);
  });
  await expect(lost).rejects.toMatchObject({ facts: { failure: 'gone' } });
  renameSync(`${file}.old`, file);
  await within(store, async (tx) => {
    expect(rowsOf(tx as unknown as SqliteHandle, 'SELECT * FROM orders')).toEqual([]);
    tx.exec(INSERT);
  });
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
  rmSync(`${file}.old`, { force: true });
});

test.each(drivers)('in memory it is the one connection, and the rest waits: %s', async (name) => {
  const store = openStore(':memory:', { driver: name });
  await store.init?.();
  await within(store, async (tx) => {
    tx.exec('CREATE TABLE orders (id)');
    const recording = store.record(delivery(1));
    const counting = store.stats();
    await pause(30);
    tx.exec(INSERT);
    return { recording, counting };
  }).then(async (asked) => {
    expect(await asked?.recording).toEqual({ status: 'recorded' });
    expect(await asked?.counting).toMatchObject({ dead: 0 });
  });
});

test('a wrapped database needs to be told how another connection is made', async () => {
  const file = freshFile();
  const handle = openLibsql(file);
  handle.exec('PRAGMA journal_mode = WAL');
  const wrapped: SqliteHandle = {
    exec: (sql) => handle.exec(sql),
    prepare: (sql) => handle.prepare(sql),
    pragma: (source: string): unknown => handle.pragma(source),
    close: () => handle.close(),
  };
  const refusing = openStore(wrapped);
  await refusing.init?.();
  const orders = makeOrders(file);
  await expect(within(refusing, async () => undefined)).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('`connect`'),
  });
  const store = openStore(wrapped, { connect: () => openLibsql(file) });
  await within(store, async (tx) => tx.exec(INSERT));
  expect(orders()).toBe(1);
});

test("the merchant's foreign keys hold in it", async () => {
  const file = freshFile();
  const handle = await merchants(file);
  handle.exec('PRAGMA foreign_keys = ON');
  handle.exec('CREATE TABLE shops (id PRIMARY KEY); CREATE TABLE sold (shop REFERENCES shops)');
  const store = openStore(handle);
  const sold = within(store, async (tx) => tx.exec("INSERT INTO sold VALUES ('x')"));
  await expect(sold).rejects.toThrow('FOREIGN KEY');
});

test('another store’s context is refused', async () => {
  const context = {
    transaction: async <Result>(work: (tx: unknown) => Promise<Result>) => work({ query: () => 1 }),
  };
  await expect(withTransaction(context, async () => undefined)).rejects.toMatchObject({
    code: 'misconfigured',
  });
});
