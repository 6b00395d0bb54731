import {
  groupCommit,
  safeLogger,
  silentLogger,
  systemClock,
  type ClaimOutcome,
  type DurableStore,
  type Logger,
  type NewDelivery,
  type RecordOutcome,
} from '@qbitflow/core';
import { bury } from './bury.js';
import type { RedisClient } from './client/client-types.js';
import { connectionOf } from './client/connect.js';
import { complete, type Completion } from './complete.js';
import { discard } from './discard.js';
import { extend } from './extend.js';
import { get } from './get.js';
import { warnOfLoss } from './init.js';
import { keysOf } from './keys.js';
import { list } from './list.js';
import { dueHints } from './on-due.js';
import { prune } from './prune.js';
import { record } from './record.js';
import { replay } from './replay.js';
import { retry } from './retry.js';
import { bounded } from './script/bounded.js';
import { scriptRunner, type Run } from './script/run.js';
import { closed } from './script/unavailable.js';
import { stats } from './stats.js';
import { takeDue } from './take-due.js';

/** How {@link redisStore} reaches Redis. */
export interface RedisStoreOptions {
  /** The merchant's client: ioredis, iovalkey, or node-redis 5 or later (connected). The store never closes it. */
  readonly client: RedisClient;
  /** Names the store: two apps on one database need two. No braces. @default 'qbitflow' */
  readonly prefix?: string | undefined;
  /** Where `init` warns of a server that may lose deliveries. @default silent */
  readonly logger?: Logger | undefined;
  /** How long a call waits for Redis (ms) before it rejects with `store_unavailable`. @default 5,000 */
  readonly timeoutMs?: number | undefined;
}

const PREFIX = 'qbitflow';
const TIMEOUT_MS = 5_000;
/** Bodies are up to 1 MiB each, and one script keeps everybody else waiting. */
const GROUP = { maxItems: 100 };

/**
 * Keeps deliveries in Redis 6.2 or later, or Valkey, for any number of processes. As durable as Redis is set up to be:
 * see the README on `appendonly` and `maxmemory-policy`. Throws `misconfigured` for an unknown client or a bad prefix.
 *
 * @example
 * const qbitflow = createQBitFlow({ store: redisStore({ client: new Redis() }) });
 */
export function redisStore(options: RedisStoreOptions): DurableStore {
  const { client, prefix = PREFIX, logger = silentLogger, timeoutMs = TIMEOUT_MS } = options;
  const clock = systemClock;
  const bound = { timeoutMs, clock };
  const connection = connectionOf(client);
  const { base, channel } = keysOf(prefix);
  const runScript = scriptRunner({ connection, base, channel, ...bound });
  const hints = dueHints(connection, channel);
  const recordOne = groupCommit<NewDelivery, RecordOutcome>(
    async (all) => record(runScript, all),
    GROUP,
  );
  const completeOne = groupCommit<Completion, ClaimOutcome>(async (all) =>
    complete(runScript, all),
  );
  let isClosed = false;
  let warned: Promise<void> | undefined;

  const run: Run = async (...call) => {
    if (isClosed) throw closed();
    return runScript(...call);
  };

  return {
    name: 'redis',
    durable: true,
    async init() {
      await stats(run);
      warned ??= warnOfLoss(async () => bounded(connection.info(), bound), safeLogger(logger));
      await warned;
    },
    async record(delivery) {
      if (isClosed) throw closed();
      return bounded(recordOne(delivery), bound);
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
    get: async (key) => get(run, key),
    list: async (filter) => list(run, filter),
    stats: async () => stats(run),
    prune: async (what) => prune(run, what),
    onDue: (listener) => (isClosed ? () => undefined : hints.onDue(listener)),
    async close() {
      isClosed = true;
      hints.close();
    },
  };
}
