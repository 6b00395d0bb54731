import { QBitFlowError, type Claim, type ClaimOutcome } from '@qbitflow/core';
import { complete } from '../complete.js';
import type { Connection } from '../connection.js';
import { connectionFor } from '../driver/connection-for.js';
import { isSqliteHandle } from '../driver/handle.js';
import { failureOf } from '../result-code.js';
import { unavailable } from '../unavailable.js';
import { REMEMBER, type WithinOptions } from './progress.js';
import { completeWithinKnex, isKnex } from './within-knex.js';

/**
 * Remembers success, or completes, inside the merchant's transaction: an open database, or a transaction of Knex. Throws
 * `misconfigured` when there is none: the handler's writes and this would not commit together.
 */
export async function completeWithin(
  { tx, table }: { readonly tx: unknown; readonly table: string },
  claim: Claim,
  options: WithinOptions,
): Promise<ClaimOutcome> {
  try {
    if (isKnex(tx)) return await completeWithinKnex({ tx, table }, claim, options);
    if (isSqliteHandle(tx)) return onHandle(connectionFor(tx, { table }), claim, options);
  } catch (error) {
    throw unavailable(error, 'the database given to completeWithin');
  }
  throw new QBitFlowError(
    'misconfigured',
    "completeWithin takes what your transaction runs on: the `tx` of withTransaction, an open database of node:sqlite, better-sqlite3 or libsql, or Knex's `trx`",
  );
}

function onHandle(db: Connection, claim: Claim, { succeeded, done }: WithinOptions): ClaimOutcome {
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
    'completeWithin was given a database without an open transaction: use withTransaction, or run BEGIN IMMEDIATE before your own writes and COMMIT right after',
  );
}
