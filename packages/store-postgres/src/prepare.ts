import type { DurableStore, StoreStart } from '@qbitflow/core';
import type { ClientSource } from './database/checkout.js';
import type { Database } from './database/database.js';
import { readOnly } from './database/explain.js';
import { keptOf } from './database/reserve.js';
import { textOf } from './database/row.js';
import type { LaterLogger } from './later-logger.js';
import { catchUp } from './sequence.js';
import { migrate } from './schema/migrate.js';

/** What preparing works with. */
export interface Preparation {
  readonly source: ClientSource;
  readonly database: Database;
  /** Keeps two clients of the pool from now on. */
  readonly keep: () => Promise<void>;
  readonly logger: LaterLogger;
}

/** Brings the schema up to date, refuses a server that cannot be written to, and keeps two clients. */
export function prepare(preparation: Preparation): Required<DurableStore>['init'] {
  const { source, database, keep, logger } = preparation;
  let warned = false;
  return async (start) => {
    if (start !== undefined) logger.startedBy(start.logger);
    await migrate(source, database.names);
    await lookAround(database);
    await catchUp(database);
    await keep();
    if (warned || start === undefined) return;
    warned = true;
    await warnOfSmallPool(source, { ...start, logger });
  };
}

/** A replica has the tables too, and takes nothing. */
async function lookAround(database: Database): Promise<void> {
  const text = `SELECT current_setting('transaction_read_only') AS read_only,
  current_setting('default_transaction_isolation') AS isolation`;
  const [row] = await database.run({ action: 'look around', text, values: [] });
  if (row === undefined) return;
  if (textOf(row, 'read_only') === 'on') throw readOnly('start');
  if (textOf(row, 'isolation') !== 'read committed') database.readCommitted();
}

async function warnOfSmallPool(
  source: ClientSource,
  { concurrency, logger }: StoreStart,
): Promise<void> {
  const pool = await source.pool();
  const { max = 10 } = pool.options ?? {};
  const kept = keptOf(pool);
  if (kept === 2 && max - kept >= concurrency) return;
  logger.warn(
    { code: 'pool_too_small', max, kept, concurrency },
    `the pool holds ${max} clients, of which the kit keeps ${kept}: ${concurrency} handlers with a transaction each would wait for the others. Give it ${concurrency + 2} (max), or the kit a lower handlers.concurrency`,
  );
}
