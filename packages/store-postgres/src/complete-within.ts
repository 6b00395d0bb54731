import { QBitFlowError } from '@qbitflow/core';
import type { Claim, ClaimOutcome, Progress } from '@qbitflow/core';
import { HELD, heldBy, namesJson, outcomeOf, withNames } from './claim.js';
import type { ClientSource } from './database/checkout.js';
import { within } from './database/deadline.js';
import { explain } from './database/explain.js';
import type { PostgresTransaction } from './database/pg-types.js';
import { readRows } from './database/row.js';
import { isTransient } from './database/sql-state.js';
import { storableText } from './database/storable-text.js';
import type { Names } from './schema/names.js';

type CompleteWithin = (
  tx: unknown,
  claim: Claim,
  options: Progress & { readonly done: boolean },
) => Promise<ClaimOutcome>;

/**
 * Remembers a handler's success, and with `done` completes, in the merchant's transaction. The row stays locked until
 * that ends, so nobody else can take it meanwhile; after `lost` the transaction must be rolled back. A serialization
 * failure reaches the merchant as the driver threw it, for their own retries to see.
 */
export function completeWithin(source: ClientSource, names: Names): CompleteWithin {
  const text = statement(names.deliveries);
  return async (tx, claim, { succeeded, done }) => {
    const pool = await source.pool();
    const transaction = openTransaction(tx, pool);
    const values = [...heldBy(claim).map(storableText), namesJson(succeeded), done];
    try {
      const answer = transaction.query(text, values);
      const { rows } = await within(source.clock, source.timeoutMs, answer);
      return outcomeOf(readRows(rows));
    } catch (error) {
      throw isTransient(error) ? error : explain(error, 'complete within your transaction');
    }
  };
}

/** Each placeholder stands once and in order, so that drivers with `?` can be adapted. The clock is not the transaction's start. */
function statement(deliveries: string): string {
  return `WITH held AS (
  SELECT key AS held_key FROM ${deliveries} WHERE ${HELD} FOR UPDATE
), told AS (
  SELECT $3::jsonb AS names, $4::boolean AS done
)
UPDATE ${deliveries} SET succeeded = ${withNames('told.names')},
  state = CASE WHEN done THEN 'done' ELSE state END,
  at = CASE WHEN done THEN clock_timestamp() ELSE at END,
  token = CASE WHEN done THEN NULL ELSE token END,
  finished = CASE WHEN done THEN started ELSE finished END
FROM held, told WHERE key = held_key RETURNING 1 AS changed`;
}

function openTransaction(tx: unknown, pool: unknown): PostgresTransaction {
  if (!isTransaction(tx) || tx === pool)
    throw misuse(
      'pass the client on which your transaction runs (client.query(text, values)), not a pool',
    );
  if (tx.getTransactionStatus?.() === 'I')
    throw misuse('no transaction is open on it: BEGIN first');
  return tx;
}

function isTransaction(tx: unknown): tx is PostgresTransaction {
  return typeof tx === 'object' && tx !== null && 'query' in tx && typeof tx.query === 'function';
}

function misuse(cure: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `completeWithin: ${cure}`);
}
