import { createRequire } from 'node:module';
import { eq } from 'drizzle-orm';
import { BetterSQLiteSession } from 'drizzle-orm/better-sqlite3/session';
import { BaseSQLiteDatabase, sqliteTable, SQLiteSyncDialect, text } from 'drizzle-orm/sqlite-core';
import knex, { type Knex } from 'knex';
import Libsql from 'libsql';
import { expect, onTestFinished, test } from 'vitest';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { makeOrders } from './support/shops.js';

// Both libraries are made for better-sqlite3, which has to be compiled; libsql has the same interface.
const driver = 'libsql';
const require = createRequire(import.meta.url);
// A dialect is a client; knex has no types for it.
const Dialect = require('knex/lib/dialects/better-sqlite3/index.js') as typeof knex.Client;
const done = { succeeded: ['ship'], done: true };

function openKnex(file: string): Knex {
  class LibsqlDialect extends Dialect {
    _driver() {
      return Libsql;
    }
  }
  const db = knex({
    client: LibsqlDialect,
    connection: { filename: file },
    useNullAsDefault: true,
  });
  onTestFinished(async () => db.destroy());
  return db;
}

async function takenFrom(file: string) {
  const store = openStore(file, { driver });
  await store.record(delivery(1));
  return { store, claim: await takeOne(store), orders: makeOrders(file) };
}

test('Knex: both commit together', async () => {
  const file = freshFile();
  const { store, claim, orders } = await takenFrom(file);
  const db = openKnex(file);
  await db.transaction(async (trx) => {
    await trx('orders').insert({ id: 'a' });
    expect(await store.completeWithin?.(trx, claim, done)).toBe('ok');
  });
  expect(orders()).toBe(1);
  expect(await store.get(claim.key)).toMatchObject({ state: 'done', succeeded: ['ship'] });
});

test('Knex: a rollback leaves neither, a lost claim is told, and progress is kept', async () => {
  const file = freshFile();
  const { store, claim, orders } = await takenFrom(file);
  const db = openKnex(file);
  const failed = db.transaction(async (trx) => {
    await trx('orders').insert({ id: 'a' });
    expect(await store.completeWithin?.(trx, claim, done)).toBe('ok');
    throw new Error('no stock');
  });
  await expect(failed).rejects.toThrow('no stock');
  expect(orders()).toBe(0);
  await db.transaction(async (trx) => {
    const stale = { ...claim, token: 'another' };
    expect(await store.completeWithin?.(trx, stale, done)).toBe('lost');
    const progress = { succeeded: ["o'clock"], done: false };
    expect(await store.completeWithin?.(trx, claim, progress)).toBe('ok');
  });
  expect(await store.get(claim.key)).toMatchObject({ state: 'running', succeeded: ["o'clock"] });
});

test('Knex itself is no transaction', async () => {
  const file = freshFile();
  const { store, claim } = await takenFrom(file);
  const db = openKnex(file);
  await expect(store.completeWithin?.(db, claim, done)).rejects.toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('trx'),
  });
  expect(await store.get(claim.key)).toMatchObject({ state: 'running' });
});

test('Drizzle: works on what a transaction is given', async () => {
  const file = freshFile();
  const { store, claim, orders } = await takenFrom(file);
  const table = sqliteTable('orders', { id: text('id') });
  await store.transaction?.(async (tx) => {
    const dialect = new SQLiteSyncDialect();
    // As drizzle(tx) of drizzle-orm/better-sqlite3 makes it, which loads better-sqlite3.
    const session = new BetterSQLiteSession(tx, dialect, undefined);
    const db = new BaseSQLiteDatabase('sync', dialect, session as never, undefined);
    await db.insert(table).values({ id: 'a' });
    expect(await db.select().from(table).where(eq(table.id, 'a'))).toEqual([{ id: 'a' }]);
    expect(await store.completeWithin?.(tx, claim, done)).toBe('ok');
  });
  expect(orders()).toBe(1);
  expect(await store.get(claim.key)).toMatchObject({ state: 'done' });
});
