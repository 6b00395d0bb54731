import { QBitFlowError, type Claim, type ClaimOutcome, type Progress } from '@qbitflow/core';
import { complete } from './complete.js';
import type { Connection } from './connection.js';
import { failureOf } from './result-code.js';
import { CLAIMED, WITH_NAMES } from './schema.js';

const REMEMBER = `UPDATE {deliveries} SET succeeded = ${WITH_NAMES} WHERE ${CLAIMED}`;

/** What is remembered in the merchant's transaction; with `done` the delivery is completed in it. */
export type WithinOptions = Progress & { readonly done: boolean };

/**
 * Remembers success, or completes, inside the transaction open on `db`. Throws `misconfigured` when there is none:
 * the handler's writes and this would not commit together.
 */
export function completeWithin(
  db: Connection,
  claim: Claim,
  { succeeded, done }: WithinOptions,
): ClaimOutcome {
  requireTransaction(db);
  if (done) return complete(db, claim, { succeeded });
  const names = JSON.stringify(succeeded);
  return db.run(REMEMBER, [names, names, claim.key, claim.token]) > 0 ? 'ok' : 'lost';
}

/** Only some drivers tell whether a transaction is open; all refuse to begin a second one. */
function requireTransaction(db: Connection): void {
  try {
    db.exec('BEGIN');
  } catch (error) {
    if (failureOf(error) === 'nested') return;
    throw error;
  }
  db.exec('ROLLBACK');
  throw new QBitFlowError(
    'misconfigured',
    'completeWithin was given a database without an open transaction: run BEGIN IMMEDIATE before your own writes, and COMMIT right after',
  );
}
