import type { Claim, ClaimOutcome, Progress } from '@qbitflow/core';
import { heldBy, namesJson, withNames } from '../claim.js';
import type { ClientSource } from '../database/checkout.js';
import { within } from '../database/deadline.js';
import { explain } from '../database/explain.js';
import { isTransient } from '../database/sql-state.js';
import { storableText } from '../database/storable-text.js';
import type { Names } from '../schema/names.js';
import { misuse, openTransaction, type OpenTransaction } from './drivers.js';

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
    const transaction = openTransaction(tx, await source.pool());
    if (transaction.status === 'I') throw noneOpen();
    const values = [...heldBy(claim).map(storableText), namesJson(succeeded), String(done)];
    try {
      const answer = ask(transaction, text, values);
      return outcomeOf(await within(source.clock, source.timeoutMs, answer));
    } catch (error) {
      throw isTransient(error) ? error : explain(error, 'complete within your transaction');
    }
  };
}

/**
 * Outside a transaction every statement is one of its own: two of them are then not in the same. Newer releases of
 * `pg` tell `T` themselves.
 */
async function ask(
  transaction: OpenTransaction,
  text: string,
  values: readonly string[],
): Promise<readonly unknown[]> {
  if (transaction.status === 'T') return transaction.ask(text, [...values, '']);
  const [first] = await transaction.ask('SELECT pg_current_xact_id()::text AS xact', []);
  return transaction.ask(text, [...values, fieldOf(first, 'xact')]);
}

function outcomeOf([row]: readonly unknown[]): ClaimOutcome {
  if (fieldOf(row, 'inside') !== 'true') throw noneOpen();
  return fieldOf(row, 'changed') === '0' ? 'lost' : 'ok';
}

function fieldOf(row: unknown, name: string): string {
  const value: unknown =
    typeof row === 'object' && row !== null ? Reflect.get(row, name) : undefined;
  return String(value);
}

/**
 * Every placeholder is a text, stands once and in order: drivers that look at the type of a parameter, or bind by
 * question marks, all take them alike. Every column is a text for the same reason.
 */
function statement(deliveries: string): string {
  return `WITH told AS (
  SELECT $1::text AS claimed, $2::text AS held_by, $3::text::jsonb AS names, $4::text::boolean AS done,
    $5::text IN ('', pg_current_xact_id()::text) AS inside
), changed AS (
  UPDATE ${deliveries} SET succeeded = ${withNames('told.names')},
    state = CASE WHEN done THEN 'done' ELSE state END,
    at = CASE WHEN done THEN clock_timestamp() ELSE at END,
    token = CASE WHEN done THEN NULL ELSE token END,
    finished = CASE WHEN done THEN started ELSE finished END
  FROM told WHERE inside AND key = claimed AND token = held_by AND state = 'running' RETURNING 1
)
SELECT inside::text AS inside, (SELECT count(*) FROM changed)::text AS changed FROM told`;
}

function noneOpen() {
  return misuse(
    'no transaction is open on what was passed: BEGIN first, or pass the transaction and not what began it',
  );
}
