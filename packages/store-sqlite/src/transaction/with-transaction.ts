import { QBitFlowError, type EventContext } from '@qbitflow/core';
import { isSqliteHandle } from '../driver/handle.js';

/** An open database inside a transaction, in as much of its type as most handlers need. */
export interface TransactionHandle {
  exec(sql: string): unknown;
  prepare(sql: string): {
    run(...values: unknown[]): { readonly changes: number | bigint };
    get(...values: unknown[]): unknown;
    all(...values: unknown[]): unknown[];
  };
}

/**
 * Exactly once in three lines: runs `work` in a transaction on the store's database file, completes this handler in it
 * and commits. When `work` rejects, takes longer than `transactionTimeoutMs` or another worker has taken over, all of it
 * is rolled back and the handler is tried again. `tx` is a connection of its own, of the driver that the store uses, and
 * of no use afterwards; nobody else can write the file while `work` runs: await nothing but the database in it. Write
 * `(tx: Database) => …` for the driver's whole type. Rejects with `misconfigured` when the kit's store is not a SQLite
 * store.
 * @example
 * qbitflow.on('payment.completed', async (event, context) =>
 *   withTransaction(context, async (tx) => {
 *     tx.prepare('UPDATE orders SET paid = 1 WHERE id = ?').run(event.data.reference);
 *   }),
 * );
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- inferred from how the handler writes `tx`
export async function withTransaction<Result, Handle = TransactionHandle>(
  context: Pick<EventContext, 'transaction'>,
  work: (tx: Handle) => Promise<Result>,
): Promise<Result> {
  return context.transaction(async (tx) => {
    if (!isHandle<Handle>(tx))
      throw new QBitFlowError(
        'misconfigured',
        'withTransaction: the store of this kit is not a SQLite store: use the withTransaction of its own package',
      );
    return work(tx);
  });
}

/** The type is the caller's to know: the driver is theirs. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
function isHandle<Handle>(tx: unknown): tx is Handle {
  return isSqliteHandle(tx);
}
