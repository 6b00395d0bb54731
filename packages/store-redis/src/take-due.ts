import { randomUUID } from 'node:crypto';
import type { TakenDelivery, TakeOptions } from '@qbitflow/core';
import { readFacts, readNames, writeMs } from './delivery-fields.js';
import { retry } from './retry.js';
import { arrayOf, bytesOf, numberOf, textOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: limit, lease (ms), what the tokens start with.
const TAKE_DUE = script(`
local limit, token = tonumber(ARGV[1]), ARGV[3]
local at = clock()
local lease_end = at + ARGV[2]
local taken = {}

local function ripe(set)
  return redis.call('ZRANGEBYSCORE', base .. set, '-inf', at, 'WITHSCORES', 'LIMIT', 0, limit)
end

local function take(member, set)
  local key = key_of(member)
  local hash = hash_of(key)
  local state, started, finished, facts, headers, raw, succeeded =
    unpack(redis.call('HMGET', hash, 'state', 'started', 'finished', 'facts', 'headers', 'raw', 'succeeded'))
  redis.call('ZREM', base .. set, member)
  if not state then
    -- An evicting server dropped the delivery itself.
    redis.call('ZREM', base .. 'all', member)
    return
  end
  started, finished = tonumber(started or 0), tonumber(finished or 0)
  local fresh = started <= finished and 1 or 0
  local claim = token .. ':' .. (#taken + 1)
  redis.call('HSET', hash, 'state', 'running', 'token', claim, 'at', at, 'started', started + fresh, 'counted', fresh)
  redis.call('ZADD', base .. 'running', lease_end, member)
  taken[#taken + 1] = { key, claim, fresh, started + fresh, finished, facts, headers, raw, succeeded }
end

-- Oldest first: a retry since it is ripe, a lapsed lease since it ended.
local lapsed, due = ripe('running'), ripe('due')
local l, d = 1, 1
while #taken < limit and (lapsed[l] or due[d]) do
  if lapsed[l] and (not due[d] or tonumber(lapsed[l + 1]) <= tonumber(due[d + 1])) then
    take(lapsed[l], 'running')
    l = l + 2
  else
    take(due[d], 'due')
    d = d + 2
  end
end
return taken
`);

/** Takes up to `limit` deliveries that are due or whose lease lapsed, oldest first, each under a token of its own. */
export async function takeDue(
  run: Run,
  { limit, leaseMs }: TakeOptions,
): Promise<readonly TakenDelivery[]> {
  if (limit < 1) return [];
  const args = [String(Math.floor(limit)), writeMs(leaseMs), randomUUID()];
  const reply = await run(TAKE_DUE, args, (late) => {
    handBack(run, late);
  });
  return arrayOf(reply).map(readTaken);
}

function readTaken(reply: unknown): TakenDelivery {
  const [key, token, fresh, started, finished, facts, headers, raw, succeeded] = arrayOf(reply);
  return {
    key: textOf(key),
    ...readFacts(facts, headers),
    raw: bytesOf(raw),
    token: textOf(token),
    started: numberOf(started),
    finished: numberOf(finished),
    lapsed: numberOf(fresh) === 0,
    succeeded: readNames(succeeded),
  };
}

/** A client that queues while offline sends the take when nobody waits for it any more; nobody would hold the leases. */
function handBack(run: Run, late: unknown): void {
  for (const taken of arrayOf(late)) {
    const [key, token] = arrayOf(taken);
    const claim = { key: textOf(key), token: textOf(token) };
    const options = { delayMs: 0, error: 'taken too late', counted: false, succeeded: [] };
    // A lease that cannot be handed back lapses by itself.
    retry(run, claim, options).catch(() => undefined);
  }
}
