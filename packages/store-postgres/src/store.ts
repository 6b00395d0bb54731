import type { DurableStore } from '@qbitflow/core/store';
import { extend, takeDue } from './claim.js';
import { clientSource, openDatabase } from './database.js';
import { STORE } from './errors.js';
import { get, knownSince, list, stats } from './list.js';
import { catchUp, migrate, readSchema } from './migrate.js';
import { notes, putNote } from './notes.js';
import { createDueNotifier, createListener } from './notify.js';
import { resolveOptions, type PostgresStoreOptions } from './options.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { checkServer, warnOfSmallPool } from './risks.js';
import { completeWithin, transaction } from './transactions.js';
import { bury, complete, discard, replay, retry, settleUnhandled } from './transitions.js';

/**
 * Keeps deliveries in PostgreSQL 13 or newer, for any number of processes. `init()` (called by the kit's `start()`)
 * creates its schema.
 * @throws `misconfigured` for options that cannot work
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { postgresStore } from '@qbitflow/store-postgres';
 * import pg from 'pg';
 *
 * const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
 * const qbitflow = createQBitFlow({ store: postgresStore({ pool }) });
 * await qbitflow.close();
 * await pool.end(); // the pool stays yours
 * ```
 */
export function postgresStore(options: PostgresStoreOptions): Required<DurableStore> {
  const settings = resolveOptions(options);
  const { names, logger, clock } = settings;
  const source = clientSource(settings);
  const database = openDatabase(source, names);
  const notifier = createDueNotifier(logger);
  const listener = createListener(source, { channel: names.channel, notifier, logger });
  let warned = false;

  return {
    name: STORE,
    durable: true,
    schema: async () => readSchema(source, names),
    async init(start) {
      if (start !== undefined) logger.startedBy(start.logger);
      await migrate(source, names);
      await checkServer(database);
      await catchUp(database);
      await source.keepUntilClosed();
      if (warned || start === undefined) return;
      warned = true;
      await warnOfSmallPool(source, { ...start, logger });
    },
    record: record(database, notifier),
    takeDue: takeDue(database, clock),
    extend: extend(database),
    complete: complete(database),
    completeWithin: completeWithin(source, names),
    transaction: transaction(source),
    retry: retry(database, notifier),
    bury: bury(database),
    replay: replay(database, notifier),
    discard: discard(database),
    settleUnhandled: settleUnhandled(database),
    get: get(database),
    list: list(database),
    stats: stats(database),
    prune: prune(database),
    knownSince: knownSince(database),
    putNote: putNote(database),
    notes: notes(database),
    onDue(onDue) {
      const remove = notifier.listeners.add(onDue);
      if (settings.listen) listener.start();
      return () => {
        remove();
        if (notifier.listeners.size === 0) void listener.stop();
      };
    },
    async close() {
      await listener.stop();
      await source.close();
    },
  };
}
