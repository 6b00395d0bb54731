import {
  asError,
  docsOfLine,
  isQBitFlowError,
  QBitFlowError,
  readBytes,
  type Logger,
} from '@qbitflow/core/store';
import { arrayOf, isNil, numberOf, textOf } from './codec.js';
import { meaningOf } from './errors.js';
import type { Run } from './run.js';
import { unversioned } from './schema.js';

/**
 * Runs every command that the scripts run, on a key of its own, and answers in every shape that they answer in. The
 * first write removes, so that a full server lets it pass.
 */
const PROBE = unversioned(`
local key, other = index .. 'probe', index .. 'probe:moved'
redis.call('DEL', key, other)
redis.call('HSET', key, 'bytes', ARGV[1], 'count', 1)
redis.call('HINCRBY', key, 'count', 1)
redis.call('HSETNX', key, 'count', 1)
redis.call('HLEN', key)
redis.call('HGETALL', key)
local exists, missing = redis.call('HEXISTS', key, 'bytes'), redis.call('HGET', key, 'missing')
local bytes = redis.call('HMGET', key, 'bytes', 'missing')
redis.call('HDEL', key, 'count')
redis.call('RENAME', key, other)
redis.call('DEL', other)
redis.call('ZADD', key, clock(), 'member')
redis.call('ZADD', key, 'LT', 7, 'member')
redis.call('ZRANGE', key, 0, -1, 'WITHSCORES')
redis.call('ZREVRANGE', key, 0, 0)
redis.call('ZRANGEBYSCORE', key, '-inf', '+inf', 'LIMIT', 0, 1)
redis.call('ZREVRANGEBYSCORE', key, '+inf', '-inf', 'LIMIT', 0, 1)
local score = redis.call('ZSCORE', key, 'member')
redis.call('ZCARD', key)
redis.call('ZREM', key, 'member')
redis.call('ZRANGEBYLEX', key, '-', '+', 'LIMIT', 0, 1)
redis.call('ZCOUNT', key, '-inf', '+inf')
redis.call('ZREMRANGEBYRANK', key, 0, 0)
redis.call('ZPOPMIN', key)
redis.call('SADD', key, 'member')
redis.call('SMEMBERS', key)
redis.call('SCARD', key)
redis.call('SREM', key, 'member')
redis.call('TYPE', key)
redis.call('EXISTS', key)
redis.call('SET', key, 'text', 'PX', 1000)
redis.call('APPEND', key, 'text')
redis.call('SETRANGE', key, 0, 'T')
redis.call('GETRANGE', key, 0, 1)
redis.call('STRLEN', key)
redis.call('GET', key)
redis.call('SETBIT', key, 0, 1)
redis.call('GETBIT', key, 0)
redis.call('BITCOUNT', key)
redis.call('DEL', key)
return { bytes, { exists, { -1 }, {} }, score, missing, clock() }
`);

/** Every byte there is, none of it text. */
const BYTES = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const SOME_TIME_MS = 1_500_000_000_000;

/**
 * Asks client and server for what the store relies on. Rejects with `misconfigured` for a client whose replies have
 * another shape, and for what no waiting mends.
 */
export async function probe(run: Run): Promise<void> {
  const reply = await run(PROBE, [BYTES]).catch((error: unknown) => {
    throw asPermanent(error);
  });
  try {
    if (isAsExpected(reply)) return;
  } catch (error) {
    throw unfit(error);
  }
  throw unfit();
}

function isAsExpected(reply: unknown): boolean {
  const [pair, nested, score, missing, now] = arrayOf(reply);
  const [bytes, none] = arrayOf(pair);
  const [exists, inner, empty] = arrayOf(nested);
  return (
    Buffer.compare(readBytes('bytes', bytes), BYTES) === 0 &&
    isNil(none) &&
    isNil(missing) &&
    numberOf(exists) === 1 &&
    numberOf(arrayOf(inner)[0]) === -1 &&
    arrayOf(empty).length === 0 &&
    textOf(score) === '7' &&
    numberOf(now) > SOME_TIME_MS
  );
}

function unfit(cause?: unknown): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'redisStore cannot use this client: its replies do not come as bytes, numbers and lists. Give it a client of ioredis 5 or later, iovalkey, or redis (node-redis) 4.6 or later, made for this store alone, without legacyMode and without a wrapper that changes commands or replies',
    cause === undefined ? {} : { cause },
  );
}

/** How libraries complain of a call that they are not made for. */
const NOT_MADE_FOR = /(?:argument|input) type|is not a function/i;

/** What a new attempt would not mend, as `misconfigured`. */
function asPermanent(error: unknown): unknown {
  if (!isQBitFlowError(error)) return error;
  const { cause, message } = error;
  if (NOT_MADE_FOR.test(asError(cause).message)) return unfit(cause);
  return meaningOf(cause)?.permanent === true
    ? new QBitFlowError('misconfigured', message, { cause })
    : error;
}

/** What of Redis' configuration decides whether it keeps what it is given. */
interface Keeping {
  readonly evicts: string | undefined;
  readonly appendOnly: boolean;
}

/**
 * Warns when Redis may evict deliveries or lose them in a crash. Silent where the server does not say, as managed
 * services may not.
 */
export async function warnOfLoss(info: () => Promise<unknown>, logger: Logger): Promise<void> {
  const keeping = await readKeeping(info);
  if (keeping === undefined) return;
  if (keeping.evicts !== undefined)
    logger.warn(
      { code: 'redis_evicts', policy: keeping.evicts, docs: docsOfLine('redis_evicts') },
      'Redis evicts keys when it reaches maxmemory, deliveries among them: set maxmemory-policy noeviction',
    );
  if (!keeping.appendOnly)
    logger.warn(
      { code: 'redis_forgets', docs: docsOfLine('redis_forgets') },
      'Redis keeps no append-only file: a crash loses deliveries that were answered 200; set appendonly yes',
    );
}

/** INFO tells it all, and managed services that forbid CONFIG allow it. */
async function readKeeping(readInfo: () => Promise<unknown>): Promise<Keeping | undefined> {
  const info = await readInfo().then(textOf, () => undefined);
  if (info === undefined) return undefined;
  const policy = fieldOf(info, 'maxmemory_policy');
  const limited = Number(fieldOf(info, 'maxmemory') ?? 0) > 0;
  return {
    // The others evict keys that expire: of the store's only notes do.
    evicts: limited && policy?.startsWith('allkeys-') === true ? policy : undefined,
    appendOnly: fieldOf(info, 'aof_enabled') !== '0',
  };
}

function fieldOf(info: string, name: string): string | undefined {
  return new RegExp(`^${name}:(\\S+)`, 'm').exec(info)?.[1];
}
