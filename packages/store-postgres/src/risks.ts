import { docsOfLine, type StoreStart } from '@qbitflow/core/store';
import { textOf } from './codec.js';
import type { ClientSource, Database } from './database.js';
import { readOnly } from './errors.js';
import { keptOf } from './reserve.js';

/**
 * Rejects where the server cannot be written to: a replica has the tables too, and takes nothing. Sees to it that each
 * statement runs at READ COMMITTED, whatever the server defaults to.
 */
export async function checkServer(database: Database): Promise<void> {
  const text = `SELECT current_setting('transaction_read_only') AS read_only,
  current_setting('default_transaction_isolation') AS isolation`;
  const [row] = await database.run({ action: 'look around', text, values: [] });
  if (row === undefined) return;
  if (textOf(row, 'read_only') === 'on') throw readOnly('start');
  if (textOf(row, 'isolation') !== 'read committed') database.readCommitted();
}

/** Warns where handlers would wait for each other, because the pool holds too few clients for all of them. */
export async function warnOfSmallPool(
  source: ClientSource,
  { concurrency, logger }: StoreStart,
): Promise<void> {
  const pool = await source.pool();
  const { max = 10 } = pool.options ?? {};
  const kept = keptOf(pool);
  if (kept === 2 && max - kept >= concurrency) return;
  logger.warn(
    { code: 'pool_too_small', max, kept, concurrency, docs: docsOfLine('pool_too_small') },
    `the pool holds ${max} clients, of which the kit keeps ${kept}: ${concurrency} handlers with a transaction each would wait for the others. Give it ${concurrency + 2} (max), or the kit a lower handlers.concurrency`,
  );
}
