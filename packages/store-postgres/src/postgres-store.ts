import type { DurableStore } from '@qbitflow/core';
import { bury } from './bury.js';
import { close } from './close.js';
import { complete } from './complete.js';
import { completeWithin } from './complete-within.js';
import { openDatabase } from './database/database.js';
import { holdPool } from './database/pool-holder.js';
import { discard } from './discard.js';
import { extend } from './extend.js';
import { get } from './get.js';
import { list } from './list.js';
import { createDueNews } from './notify/due-news.js';
import { createListener } from './notify/listener.js';
import { resolveOptions, type PostgresStoreOptions } from './options.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { retry } from './retry.js';
import { migrate } from './schema/migrate.js';
import { stats } from './stats.js';
import { takeDue } from './take-due.js';

/**
 * Keeps deliveries in PostgreSQL 13 or newer, for any number of processes. `init()` (called by the kit's `start()`)
 * creates its schema. Throws `misconfigured` for options that cannot work.
 * @example
 * const store = postgresStore({ pool: new pg.Pool({ connectionString: process.env.DATABASE_URL }) });
 */
export function postgresStore(options: PostgresStoreOptions): Required<DurableStore> {
  const settings = resolveOptions(options);
  const { names, logger, clock, timeoutMs } = settings;
  const pools = holdPool(settings);
  const source = { pool: pools.pool, clock, timeoutMs };
  const database = openDatabase(source, names);
  const news = createDueNews(logger);
  const listener = createListener({ source, channel: names.channel, news, logger });

  return {
    name: 'postgres',
    durable: true,
    init: async () => migrate(source, names),
    record: record(database, news),
    takeDue: takeDue(database),
    extend: extend(database),
    complete: complete(database),
    completeWithin: completeWithin(source, names),
    retry: retry(database, news),
    bury: bury(database),
    replay: replay(database, news),
    discard: discard(database),
    get: get(database),
    list: list(database),
    stats: stats(database),
    prune: prune(database),
    onDue(onDue) {
      news.add(onDue);
      if (settings.listen) listener.start();
      return () => {
        news.remove(onDue);
        if (!news.hasListeners) void listener.stop();
      };
    },
    close: close(listener, pools),
  };
}
