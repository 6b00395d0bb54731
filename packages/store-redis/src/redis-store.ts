import {
  assertKnownOptions,
  groupCommit,
  isQBitFlowError,
  systemClock,
  type ClaimOutcome,
  type DurableStore,
  type Logger,
  type NewDelivery,
  type QBitFlowError,
  type RecordOutcome,
} from '@qbitflow/core';
import { bury } from './bury.js';
import type { RedisClient } from './client/client-types.js';
import { assertHoldsClient, connectionOf } from './client/connect.js';
import { complete, type Completion } from './complete.js';
import { discard } from './discard.js';
import { extend } from './extend.js';
import { get } from './get.js';
import { initializer } from './init.js';
import { keysOf } from './keys.js';
import { knownSince } from './known-since.js';
import { list } from './list.js';
import { mend } from './mend.js';
import { checkTimeout } from './numbers.js';
import { dueHints } from './on-due.js';
import { prepare } from './prepare.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { retry } from './retry.js';
import { bounded } from './script/bounded.js';
import { scriptEvaluator, scriptRunner, type Run } from './script/run.js';
import { closed } from './script/unavailable.js';
import { settleUnhandled } from './settle-unhandled.js';
import { stats } from './stats.js';
import { takeDue } from './take-due.js';

/** How {@link redisStore} reaches Redis. */
export interface RedisStoreOptions {
  /**
   * The merchant's client: of ioredis, iovalkey or redis (node-redis, connected); cluster, sentinel and pool clients too.
   * The store never closes it.
   */
  readonly client: RedisClient;
  /** Names the store: two apps on one database need two. No braces. @default 'qbitflow' */
  readonly prefix?: string | undefined;
  /** Where `init` warns of a server that may lose deliveries. @default the kit's logger */
  readonly logger?: Logger | undefined;
  /** How long a call waits for Redis (ms) before it rejects with `store_unavailable`. @default 5,000 */
  readonly timeoutMs?: number | undefined;
}

const PREFIX = 'qbitflow';
const TIMEOUT_MS = 5_000;
/** Bodies are up to 1 MiB each, and one script keeps everybody else waiting. */
const GROUP = { maxItems: 100 };

const NAMES = Object.keys({
  client: true,
  prefix: true,
  logger: true,
  timeoutMs: true,
} satisfies Record<keyof RedisStoreOptions, true>);

/**
 * Keeps deliveries in Redis 6.2 or later, or Valkey, for any number of processes. As durable as Redis is set up to be:
 * see the README on `appendonly` and `maxmemory-policy`. Throws `misconfigured` for what is no client, a bad prefix or
 * timeout; `init` (so `start()`) rejects with it for a client or server that cannot do what is needed.
 *
 * @example
 * const qbitflow = createQBitFlow({ store: redisStore({ client: new Redis() }) });
 */
export function redisStore(options: RedisStoreOptions): DurableStore {
  assertHoldsClient(options);
  assertKnownOptions('redisStore', options, NAMES);
  const { client, prefix = PREFIX, logger, timeoutMs = TIMEOUT_MS } = options;
  checkTimeout(timeoutMs);
  const bound = { timeoutMs, clock: systemClock };
  const { base, channel } = keysOf(prefix);
  const connection = connectionOf(client);
  const evaluate = scriptEvaluator({ connection, base, channel });
  const runScript = scriptRunner({ evaluate, prepare, ...bound });
  const hints = dueHints(connection, channel);
  const recordOne = groupCommit<NewDelivery, RecordOutcome | QBitFlowError>(
    async (all) => record(runScript, all),
    GROUP,
  );
  const completeOne = groupCommit<Completion, ClaimOutcome>(async (all) =>
    complete(runScript, all),
  );
  let isClosed = false;

  const run: Run = async (...call) => {
    if (isClosed) throw closed();
    return runScript(...call);
  };
  const init = initializer({ run, info: async () => bounded(connection.info(), bound), logger });

  return {
    name: 'redis',
    durable: true,
    init,
    async record(delivery) {
      if (isClosed) throw closed();
      const outcome = await bounded(recordOne(delivery), bound);
      if (isQBitFlowError(outcome)) throw outcome;
      return outcome;
    },
    takeDue: async (take) => takeDue(run, take),
    extend: async (claim, extension) => extend(run, claim, extension),
    async complete({ key, token }, { succeeded }) {
      if (isClosed) throw closed();
      return bounded(completeOne({ key, token, succeeded }), bound);
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
      if (pruned < what.limit) await mend(run);
      return pruned;
    },
    knownSince: async () => knownSince(run),
    onDue: (listener) => (isClosed ? () => undefined : hints.onDue(listener)),
    async close() {
      isClosed = true;
      hints.close();
    },
  };
}
