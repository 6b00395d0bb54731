import { QBitFlowError, type EventContext } from '@qbitflow/core';

/** What a transaction runs on: the client of your pool, in as much of its type as most handlers need. */
export interface TransactionClient {
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- what the rows of a statement are, its author knows
  query<Row = Record<string, unknown>>(
    text: string,
    values?: unknown[],
  ): Promise<{ rows: Row[]; rowCount: number | null }>;
}

/**
 * Exactly once in three lines: runs `work` in a transaction on a client of the store's pool, completes this handler in
 * it and commits. When `work` rejects, the connection breaks or another worker has taken over, all of it is rolled
 * back and the handler is tried again. Write `(tx: PoolClient) => …` for the whole type of `pg`. Rejects with
 * `misconfigured` when the kit's store is not a postgres store.
 * @example
 * qbitflow.on('payment.completed', async (event, context) =>
 *   withTransaction(context, async (tx) => {
 *     await tx.query('UPDATE orders SET paid = true WHERE id = $1', [event.data.reference]);
 *   }),
 * );
 */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- inferred from how the handler writes `tx`
export async function withTransaction<Result, Client = TransactionClient>(
  context: Pick<EventContext, 'transaction'>,
  work: (tx: Client) => Promise<Result>,
): Promise<Result> {
  return context.transaction(async (tx) => {
    if (!isClient<Client>(tx))
      throw new QBitFlowError(
        'misconfigured',
        'withTransaction: the store of this kit is not a postgres store: use the withTransaction of its own package',
      );
    return work(tx);
  });
}

/** The type is the caller's to know: the pool is theirs. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- as above
function isClient<Client>(tx: unknown): tx is Client {
  return typeof tx === 'object' && tx !== null && 'query' in tx && 'release' in tx;
}
