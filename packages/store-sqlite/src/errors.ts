import {
  asError,
  isQBitFlowError,
  storeUnavailable,
  type QBitFlowError,
} from '@qbitflow/core/store';
import type { Loss } from './file-watch.js';
import { STORE } from './options.js';

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

/** What a statement is rejected with that has to be tried again once a handler's transaction has ended. */
export class HeldBack extends Error {}

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

const FAILURE_REASONS: Readonly<Record<Failure, string>> = {
  busy: 'another program kept its write lock for too long: end its transaction, or the backup or shell that holds it',
  nested:
    'the database passed in has a transaction open that was not ended in time: commit or roll back before waiting for anything else',
  'held-back':
    "a handler's transaction of this process has been open for too long: do what is slow before it, and await nothing but the database in it",
  full: 'the disk or the quota is full: free some space, the store then goes on by itself',
  readonly:
    'it cannot be written: let this user write the file, its -wal and -shm beside it, and their folder',
  denied: 'this user may not open it: grant the right to read and write it and its folder',
  'cannot-open':
    'it cannot be opened: does its folder exist, is it a file, and may this user write both?',
  io: 'the disk failed to read or write it: look at the disk or the network share it is on',
  corrupt: 'it is damaged or no SQLite database: restore a backup, or choose another path',
  other: 'SQLite refused; the cause says why',
};

/** A driver's error as the kit's `store_unavailable`, with likely cause and cure; errors of the kit stay as they are. */
export function unavailable(error: unknown, file: string): QBitFlowError {
  if (isQBitFlowError(error)) return error;
  const failure = failureOf(error);
  return storeUnavailable(STORE, `cannot use ${file}: ${FAILURE_REASONS[failure]}`, {
    cause: error,
    facts: { file, failure },
  });
}

const LOSS_REASONS: Readonly<Record<Loss, string>> = {
  gone: 'it is gone from its place (deleted, renamed, or its folder replaced): what would be written would be lost with this process. Put the file or a backup of it back; to begin with an empty one, restart the process',
  replaced:
    'another file was put in its place: what would be written to the old one would be lost with this process. A database that is passed in must be opened anew: restart the process',
  'log-gone':
    'its -wal or -shm was removed while it was in use: what would be written would be lost with this process. It is opened anew as soon as everything is in the file; a database that is passed in must be closed and opened anew: restart the process',
  'log-replaced':
    'its -wal or -shm was replaced while it was in use, and what was in the old one and not yet in the file is lost: look for what came last. It is opened anew; a database that is passed in must be opened anew: restart the process',
};

/** What a call is rejected with while its database's files are not those that were opened. */
export function lostError(loss: Loss, file: string): QBitFlowError {
  return storeUnavailable(STORE, `cannot use ${file}: ${LOSS_REASONS[loss]}`, {
    facts: { file, failure: loss },
  });
}
