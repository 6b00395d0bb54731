import { expect, test } from 'vitest';
import { failureOf } from '../src/errors.js';

test.each([
  [{ code: 'ERR_SQLITE_ERROR', errcode: 5 }, 'busy'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 517 }, 'busy'],
  [{ code: 'ERR_SQLITE_ERROR', errcode: 13 }, 'full'],
  [{ code: 'SQLITE_BUSY_SNAPSHOT' }, 'busy'],
  [{ code: 'SQLITE_IOERR_FSYNC' }, 'io'],
  [{ code: 'SQLITE_NOTADB', rawCode: 26 }, 'corrupt'],
  [{ code: 'SQLITE_CONSTRAINT_CHECK' }, 'other'],
  [{ errcode: 1 }, 'other'],
  [{}, 'other'],
])('an error with %j is %j', (facts, failure) => {
  expect(failureOf(Object.assign(new Error('no'), facts))).toBe(failure);
});

test.each([
  ['cannot start a transaction within a transaction', 'nested'],
  ['Safety level may not be changed inside a transaction', 'nested'],
  ['ConnectionFailed("Unable to open connection to local database x.db: 14")', 'cannot-open'],
])('%j is %j', (message, failure) => {
  expect(failureOf(new Error(message))).toBe(failure);
});

test('what is no error is none of these', () => {
  expect(failureOf('SQLITE_BUSY')).toBe('other');
});
