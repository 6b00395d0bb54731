import {
  groupCommit,
  isQBitFlowError,
  storeClosed,
  type ClaimOutcome,
  type DurableStore,
  type QBitFlowError,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { extend, takeDue } from './claim.js';
import { connectionOf } from './client.js';
import { writeArrival, type Arrival } from './codec.js';
import { STORE } from './errors.js';
import { get, knownSince, list, stats } from './list.js';
import { notes, putNote } from './notes.js';
import { dueHints } from './notify.js';
import { resolveOptions, type RedisStoreOptions } from './options.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { repair, takeOver } from './repair.js';
import { probe, warnOfLoss } from './risks.js';
import { withReplyTimeout, scriptRunner, type Run } from './run.js';
import { readSchema } from './schema.js';
import {
  bury,
  complete,
  discard,
  replay,
  retry,
  settleUnhandled,
  writeCompletion,
} from './transitions.js';

/** Bodies are up to 1 MiB each, and one script keeps every other client waiting. */
const GROUP = { maxItems: 100 };

/**
 * Keeps deliveries in Redis 6.2 or later, or Valkey, for any number of processes. As durable as Redis is set up to be:
 * see the README on `appendonly` and `maxmemory-policy`.
 * @throws `misconfigured` for what is no client, a bad prefix or timeout; `init` (so `start()`) rejects with it for a
 * client or server that cannot do what is needed
 * @example
 * ```js
 * import { createQBitFlow } from '@qbitflow/core';
 * import { redisStore } from '@qbitflow/store-redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis(process.env.REDIS_URL);
 * const qbitflow = createQBitFlow({ store: redisStore({ client, prefix: 'shop' }) });
 * await qbitflow.close();
 * client.disconnect(); // the client stays yours
 * ```
 */
export function redisStore(options: RedisStoreOptions): DurableStore {
  const settings = resolveOptions(options);
  const { timeoutMs } = settings;
  const connection = connectionOf(settings.client);
  const runScript = scriptRunner(connection, settings);
  const hints = dueHints(connection, settings.channel);
  const recordOne = groupCommit<Arrival, RecordOutcome | QBitFlowError>(
    async (all) => record(runScript, all),
    GROUP,
  );
  const completeOne = groupCommit<string, ClaimOutcome>(
    async (all) => complete(runScript, all),
    GROUP,
  );
  let isClosed = false;

  const run: Run = async (...call) => {
    if (isClosed) throw storeClosed(STORE);
    return runScript(...call);
  };
  const probeOnce = once(async () => probe(run));
  let warned: Promise<void> | undefined;

  return {
    name: STORE,
    durable: true,
    schema: async () => readSchema(run),
    async init(start) {
      await probeOnce();
      await takeOver(run);
      const logger = settings.logger ?? start?.logger;
      if (logger === undefined) return;
      warned ??= warnOfLoss(async () => withReplyTimeout(connection.info(), timeoutMs), logger);
      await warned;
    },
    async record(delivery, how) {
      if (isClosed) throw storeClosed(STORE);
      const outcome = await withReplyTimeout(recordOne(writeArrival(delivery, how)), timeoutMs);
      if (isQBitFlowError(outcome)) throw outcome;
      return outcome;
    },
    takeDue: async (take) => takeDue(run, take),
    extend: async (claim, extension) => extend(run, claim, extension),
    async complete(claim, progress) {
      if (isClosed) throw storeClosed(STORE);
      return withReplyTimeout(completeOne(writeCompletion(claim, progress)), timeoutMs);
    },
    retry: async (claim, retrying) => retry(run, claim, retrying),
    bury: async (claim, burying) => bury(run, claim, burying),
    replay: async (key) => replay(run, key),
    discard: async (key) => discard(run, key),
    settleUnhandled: async (what) => settleUnhandled(run, what),
    get: async (key) => get(run, key),
    list: async (filter) => list(run, filter),
    stats: async (of) => stats(run, of?.handled),
    async prune(what) {
      const pruned = await prune(run, what);
      // The last of the batches that one round of pruning takes.
      if (pruned < what.limit) await repair(run);
      return pruned;
    },
    knownSince: async () => knownSince(run),
    putNote: async (name, text, { keepMs }) => putNote(run, { name, text, keepMs }),
    notes: async (prefix) => notes(run, prefix),
    onDue: (listener) => (isClosed ? () => undefined : hints.onDue(listener)),
    async close() {
      isClosed = true;
      hints.close();
    },
  };
}

/** What succeeded is not done again; after a failure the next caller tries again. */
function once(work: () => Promise<void>): () => Promise<void> {
  let done: Promise<void> | undefined;
  return async () => {
    done ??= work().catch((error: unknown) => {
      done = undefined;
      throw error;
    });
    return done;
  };
}
