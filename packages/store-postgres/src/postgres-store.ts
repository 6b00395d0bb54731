import type { DurableStore } from '@qbitflow/core';
import { bury } from './bury.js';
import { close } from './close.js';
import { complete } from './complete.js';
import { openDatabase } from './database/database.js';
import { keepOnce } from './database/keeping.js';
import { holdPool } from './database/pool-holder.js';
import { clientSource } from './database/source.js';
import { discard } from './discard.js';
import { extend } from './extend.js';
import { get } from './get.js';
import { knownSince } from './known-since.js';
import { list } from './list.js';
import { createDueNews } from './notify/due-news.js';
import { createListener } from './notify/listener.js';
import { resolveOptions, type PostgresStoreOptions } from './options.js';
import { prepare } from './prepare.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { retry } from './retry.js';
import { settleUnhandled } from './settle-unhandled.js';
import { stats } from './stats.js';
import { takeDue } from './take-due.js';
import { completeWithin } from './transaction/complete-within.js';
import { transaction } from './transaction/transaction.js';

/**
 * Keeps deliveries in PostgreSQL 13 or newer, for any number of processes. `init()` (called by the kit's `start()`)
 * creates its schema. Throws `misconfigured` for options that cannot work.
 * @example
 * const store = postgresStore({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) });
 */
export function postgresStore(options: PostgresStoreOptions): Required<DurableStore> {
  const settings = resolveOptions(options);
  const { names, logger, clock } = settings;
  const pools = holdPool(settings);
  const source = clientSource(pools, settings);
  const database = openDatabase(source, names);
  const news = createDueNews(logger);
  const { channel } = names;
  const listener = createListener({ source, keep: pools.keep, channel, news, logger });
  const keeping = keepOnce(pools);

  return {
    name: 'postgres',
    durable: true,
    init: prepare({ source, database, keep: async () => keeping.begin(), logger }),
    record: record(database, news),
    takeDue: takeDue(database, clock),
    extend: extend(database),
    complete: complete(database),
    completeWithin: completeWithin(source, names),
    transaction: transaction(source),
    retry: retry(database, news),
    bury: bury(database),
    replay: replay(database, news),
    discard: discard(database),
    settleUnhandled: settleUnhandled(database),
    get: get(database),
    list: list(database),
    stats: stats(database),
    prune: prune(database),
    knownSince: knownSince(database),
    onDue(onDue) {
      news.add(onDue);
      if (settings.listen) listener.start();
      return () => {
        news.remove(onDue);
        if (!news.hasListeners) void listener.stop();
      };
    },
    close: close(listener, keeping, pools),
  };
}
