import { asError } from '@qbitflow/core';
import { HeldBack } from './gate.js';

/** The failures that are told apart; numbers are SQLite's primary result codes (https://sqlite.org/rescode.html). */
const FAILURES = {
  3: 'denied',
  5: 'busy',
  6: 'busy',
  8: 'readonly',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'cannot-open',
  26: 'corrupt',
} as const satisfies Record<number, string>;

/** The same by name. */
const NAMES: ReadonlyMap<string, Failure> = new Map<string, Failure>([
  ['PERM', 'denied'],
  ['BUSY', 'busy'],
  ['LOCKED', 'busy'],
  ['READONLY', 'readonly'],
  ['IOERR', 'io'],
  ['CORRUPT', 'corrupt'],
  ['NOTADB', 'corrupt'],
  ['FULL', 'full'],
  ['CANTOPEN', 'cannot-open'],
]);

/** What went wrong, whichever driver said so. `nested`: a transaction was open already; `held-back`: a handler's. */
export type Failure = (typeof FAILURES)[keyof typeof FAILURES] | 'nested' | 'held-back' | 'other';

/** Reads a driver's error: `errcode` of node:sqlite, `code` of better-sqlite3 and libsql, or libsql's text. */
export function failureOf(error: unknown): Failure {
  if (error instanceof HeldBack) return 'held-back';
  if (typeof error !== 'object' || error === null) return 'other';
  // No `instanceof`: in a test runner's realm Node's own errors are no errors of it.
  const { message } = asError(error);
  if (/(?:within|inside) a transaction/.test(message)) return 'nested';
  const number: unknown = Reflect.get(error, 'errcode') ?? Reflect.get(error, 'rawCode');
  if (typeof number === 'number') return byNumber(number);
  const refused = /ConnectionFailed\(.*: (\d+)"\)$/s.exec(message)?.[1];
  if (refused !== undefined) return byNumber(Number(refused));
  return byName(Reflect.get(error, 'code'));
}

function byNumber(extended: number): Failure {
  const primary = extended & 0xff;
  return isKnown(primary) ? FAILURES[primary] : 'other';
}

function isKnown(code: number): code is keyof typeof FAILURES {
  return code in FAILURES;
}

/** better-sqlite3 has names only, with the extended part behind: `SQLITE_BUSY_SNAPSHOT`. */
function byName(code: unknown): Failure {
  const name = typeof code === 'string' ? /^SQLITE_([A-Z]+)/.exec(code)?.[1] : undefined;
  return name === undefined ? 'other' : (NAMES.get(name) ?? 'other');
}
