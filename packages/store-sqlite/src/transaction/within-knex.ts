import { QBitFlowError, type Claim, type ClaimOutcome } from '@qbitflow/core';
import { COMPLETE } from '../complete.js';
import { REMEMBER, type WithinOptions } from './progress.js';

/** What is used of Knex and its transactions. */
interface Knex {
  raw(sql: string, values: readonly string[]): PromiseLike<unknown>;
  readonly isTransaction?: boolean;
}

/** Whether it is Knex: a function that asks, with `raw` beside it. */
export function isKnex(tx: unknown): tx is Knex {
  return typeof tx === 'function' && 'raw' in tx && typeof tx.raw === 'function';
}

/** As `completeWithin`, in a transaction of Knex, which answers later. */
export async function completeWithinKnex(
  { tx, table }: { readonly tx: Knex; readonly table: string },
  claim: Claim,
  { succeeded, done }: WithinOptions,
): Promise<ClaimOutcome> {
  if (tx.isTransaction !== true)
    throw new QBitFlowError(
      'misconfigured',
      'completeWithin was given Knex itself: pass the `trx` of knex.transaction(async (trx) => …)',
    );
  const names = JSON.stringify(succeeded);
  // Of what was changed Knex tells differently from driver to driver; of rows alike.
  const sql = `${done ? COMPLETE : REMEMBER} RETURNING 1 AS changed`;
  const rows = await tx.raw(sql.replaceAll('{deliveries}', table), [
    names,
    names,
    claim.key,
    claim.token,
  ]);
  return Array.isArray(rows) && rows.length > 0 ? 'ok' : 'lost';
}
