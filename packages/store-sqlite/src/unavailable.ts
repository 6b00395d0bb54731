import { isQBitFlowError, QBitFlowError } from '@qbitflow/core';
import { failureOf, type Failure } from './result-code.js';

const REASONS: Readonly<Record<Failure, string>> = {
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
  return new QBitFlowError(
    'store_unavailable',
    `the sqlite store cannot use ${file}: ${REASONS[failure]}`,
    { cause: error, facts: { store: 'sqlite', file, failure } },
  );
}

/** What a call after `close()` gets. */
export function closedError(): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    'the sqlite store was closed: make a new one, or close it after everything that uses it',
    { facts: { store: 'sqlite' } },
  );
}
