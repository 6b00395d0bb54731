import {
  assertKnownOptions,
  QBitFlowError,
  wrongArgument,
  type Logger,
} from '@qbitflow/core/store';
import type { RedisClient } from './client-types.js';
import { STORE } from './errors.js';

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

/** Options with every default in place, and the names that the prefix gives. */
export interface RedisSettings {
  readonly client: RedisClient;
  /** Start of every key, with the hash tag that keeps them on one cluster node: `{prefix}:`. */
  readonly base: string;
  /** Pub/sub channel of due deliveries. */
  readonly channel: string;
  /** The store's own; without it the warnings go to that of whoever starts the store. */
  readonly logger: Logger | undefined;
  readonly timeoutMs: number;
}

const PREFIX = 'qbitflow';
const TIMEOUT_MS = 5_000;

const NAMES = Object.keys({
  client: true,
  prefix: true,
  logger: true,
  timeoutMs: true,
} satisfies Record<keyof RedisStoreOptions, true>);

/** Fills in defaults. Throws `misconfigured` for options that cannot work; the client is looked at when it is connected. */
export function resolveOptions(options: RedisStoreOptions): RedisSettings {
  assertHoldsClient(options);
  assertKnownOptions('redisStore', options, NAMES);
  const { client, prefix = PREFIX, logger, timeoutMs = TIMEOUT_MS } = options;
  if (typeof timeoutMs !== 'number' || !(timeoutMs > 0))
    throw wrongArgument(STORE, {
      name: 'timeoutMs',
      value: timeoutMs,
      expected: 'a positive number of ms',
    });
  // A prefix with braces would break the hash tag.
  if (typeof prefix !== 'string' || prefix === '' || /[{}]/.test(prefix))
    throw new QBitFlowError(
      'misconfigured',
      `redisStore: the prefix ${JSON.stringify(prefix)} must be text, and must not be empty or contain braces: the store puts it in braces itself, {prefix}:`,
    );
  return { client, base: `{${prefix}}:`, channel: `{${prefix}}:hints`, logger, timeoutMs };
}

/** The options may be missing, or be the client itself. */
function assertHoldsClient(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw noClient('no options were given');
  if (isPromise(options) || 'callBuffer' in options || 'sendCommand' in options)
    throw noClient('the client itself was given: pass it as `redisStore({ client })`');
}

/** Whether a client or the options are still to be awaited. */
export function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}

/** Nothing that the store can use was given as `client`. */
export function noClient(found: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `redisStore needs \`client\`: an ioredis or iovalkey client, or one made by createClient, createCluster, createSentinel or createClientPool of redis (node-redis); ${found}`,
  );
}
