import { expect, test } from 'vitest';
import { connect } from '../src/connection.js';
import { betterSqliteDriver } from '../src/driver.js';
import type { Value } from '../src/index.js';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { openLibsql } from './support/handles.js';

// Bound to a statement of libsql 0.5.29, most of these end the process without an exception.
const deadly: readonly unknown[] = [true, false, undefined, {}, [], Symbol('x'), () => 1];

test.each(deadly.map((value) => [typeof value, value]))(
  'a value of type %s throws',
  (_type, value) => {
    const db = connect(betterSqliteDriver(openLibsql(':memory:')), 'x');
    expect(() => db.all('SELECT ? AS value', [value as Value])).toThrow(
      'cannot keep a value of type',
    );
  },
);

test.each([Number.NaN, Infinity])('%d throws', (value) => {
  const db = connect(betterSqliteDriver(openLibsql(':memory:')), 'x');
  expect(() => db.all('SELECT ? AS value', [value])).toThrow('cannot keep a value of type number');
});

test('one delivery with a field of a wrong type spoils none of those recorded with it', async () => {
  const store = openStore(freshFile());
  const wrong: unknown = true;
  const outcomes = await Promise.allSettled([
    store.record(delivery(1)),
    store.record(delivery(2, { subject: wrong as string })),
    store.record(delivery(3)),
  ]);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await store.stats()).toMatchObject({ due: 2 });
});
