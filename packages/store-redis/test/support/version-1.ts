import { createHash } from 'node:crypto';
import type { NewDelivery } from '@qbitflow/core';
import type { Redis } from 'ioredis';

/**
 * The scripts of the version before, word for word as it sent them: what it wrote is upgraded, and what it goes on
 * writing from a process that still runs must do no harm.
 */
const PRELUDE = `
local base = KEYS[1]
local channel = table.remove(ARGV)

local function clock()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function hash_of(key)
  return base .. 'delivery:' .. key
end

local function member_of(sequence, key)
  return string.format('%015.0f:%s', sequence, key)
end

local function key_of(member)
  return string.sub(member, 17)
end

local function held(key, token)
  local state, owner, sequence, started, counted =
    unpack(redis.call('HMGET', hash_of(key), 'state', 'token', 'sequence', 'started', 'counted'))
  if state ~= 'running' or owner ~= token then return nil end
  return member_of(sequence, key), tonumber(started), tonumber(counted)
end

local function remember(hash, names)
  if names == '' then return end
  local known = redis.call('HGET', hash, 'succeeded') or ''
  for name in string.gmatch(names, '[^\\n]+') do
    if not string.find('\\n' .. known, '\\n' .. name .. '\\n', 1, true) then known = known .. name .. '\\n' end
  end
  redis.call('HSET', hash, 'succeeded', known)
end

local function facts_of(json)
  local ok, facts = pcall(cjson.decode, json)
  return ok and facts or {}
end

local function hint(subject)
  redis.pcall('PUBLISH', channel, subject or '')
end
`;

const RECORD = `
local at = clock()
local answers = {}
for i = 1, #ARGV, 7 do
  local key, state = ARGV[i], ARGV[i + 1]
  local hash = hash_of(key)
  local known = redis.call('HGET', hash, 'state')
  if known then
    answers[#answers + 1] = known
  else
    local sequence = redis.call('INCR', base .. 'sequence')
    local member = member_of(sequence, key)
    redis.call('HSET', hash, 'state', state, 'sequence', sequence, 'recordedAt', at,
      'facts', ARGV[i + 4], 'headers', ARGV[i + 5], 'raw', ARGV[i + 6])
    redis.call('ZADD', base .. 'all', sequence, member)
    if state == 'due' then
      redis.call('ZADD', base .. 'due', at, member)
      hint(ARGV[i + 3])
    else
      redis.call('HSET', hash, 'lastError', ARGV[i + 2])
      redis.call('ZADD', base .. 'dead', sequence, member)
    end
    answers[#answers + 1] = 'recorded'
  end
end
return answers
`;

const TAKE_DUE = `
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
`;

const COMPLETE = `
local at = clock()
local answers = {}
for i = 1, #ARGV, 3 do
  local hash = hash_of(ARGV[i])
  local member, started = held(ARGV[i], ARGV[i + 1])
  if member then
    redis.call('ZREM', base .. 'running', member)
    redis.call('ZADD', base .. 'done', at, member)
    redis.call('HSET', hash, 'state', 'done', 'at', at, 'finished', started)
    redis.call('HDEL', hash, 'token', 'counted')
    remember(hash, ARGV[i + 2])
  end
  answers[#answers + 1] = member and 1 or 0
end
return answers
`;

const EXTEND = `
local hash = hash_of(ARGV[1])
local member, started, counted = held(ARGV[1], ARGV[2])
if not member then return 0 end
redis.call('ZADD', base .. 'running', clock() + ARGV[3], member)
redis.call('HSET', hash, 'started', started + ARGV[5], 'counted', counted + ARGV[5])
remember(hash, ARGV[4])
return 1
`;

const RETRY = `
local hash = hash_of(ARGV[1])
local member, started, counted = held(ARGV[1], ARGV[2])
if not member then return 0 end
local due_at = clock() + ARGV[3]
redis.call('ZREM', base .. 'running', member)
redis.call('ZADD', base .. 'due', due_at, member)
redis.call('HSET', hash, 'state', 'due', 'at', due_at, 'lastError', ARGV[4])
redis.call('HDEL', hash, 'token', 'counted')
if ARGV[6] == '1' then
  redis.call('HSET', hash, 'finished', started)
else
  redis.call('HSET', hash, 'started', started - counted)
end
remember(hash, ARGV[5])
if ARGV[3] == '0' then hint(facts_of(redis.call('HGET', hash, 'facts')).subject) end
return 1
`;

const BURY = `
local hash = hash_of(ARGV[1])
local member, started = held(ARGV[1], ARGV[2])
if not member then return 0 end
redis.call('ZREM', base .. 'running', member)
redis.call('ZADD', base .. 'dead', string.sub(member, 1, 15), member)
redis.call('HSET', hash, 'state', 'dead', 'at', clock(), 'finished', started, 'lastError', ARGV[3])
redis.call('HDEL', hash, 'token', 'counted')
remember(hash, ARGV[4])
return 1
`;

const REPLAY = `
local hash = hash_of(ARGV[1])
local state, sequence, facts = unpack(redis.call('HMGET', hash, 'state', 'sequence', 'facts'))
if state ~= 'dead' then return 0 end
local at, member = clock(), member_of(sequence, ARGV[1])
redis.call('ZREM', base .. 'dead', member)
redis.call('ZADD', base .. 'due', at, member)
redis.call('HSET', hash, 'state', 'due', 'at', at, 'started', 0, 'finished', 0)
hint(facts_of(facts).subject)
return 1
`;

const PRUNE = `
local members = redis.call('ZRANGEBYSCORE', base .. 'done', '-inf', clock() - ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(members) do
  redis.call('DEL', hash_of(key_of(member)))
  redis.call('ZREM', base .. 'done', member)
  redis.call('ZREM', base .. 'all', member)
end
return #members
`;

/** One delivery that version 1 holds. */
export interface OldClaim {
  readonly key: string;
  readonly token: string;
}

/** A process of the version before, as far as the server sees it. */
export function version1(redis: Redis, prefix: string) {
  async function run(body: string, ...args: readonly (string | Buffer)[]): Promise<unknown> {
    return redis.eval(PRELUDE + body, 1, `{${prefix}}:`, ...args, `{${prefix}}:hints`);
  }
  return {
    async record({ key, dead, headers, raw, ...delivery }: NewDelivery): Promise<unknown> {
      const { subject, id, type, version, source, receivedAt } = delivery;
      const facts = JSON.stringify({ subject, id, type, version, source, receivedAt });
      const state = dead === undefined ? 'due' : 'dead';
      const body = [JSON.stringify(headers), Buffer.from(raw)];
      return run(RECORD, key, state, dead ?? '', subject, facts, ...body);
    },
    async takeDue(limit: number, leaseMs: number): Promise<OldClaim[]> {
      const token = createHash('sha1').update(String(performance.now())).digest('hex');
      const taken: unknown = await run(TAKE_DUE, String(limit), String(leaseMs), token);
      if (!Array.isArray(taken)) throw new Error('not what the version before answered');
      return taken.map(([key, claim]) => ({ key: String(key), token: String(claim) }));
    },
    complete: async ({ key, token }: OldClaim) => run(COMPLETE, key, token, '"fulfil"\n'),
    extend: async ({ key, token }: OldClaim, leaseMs: number) =>
      run(EXTEND, key, token, String(leaseMs), '', '0'),
    retry: async ({ key, token }: OldClaim, delayMs: number) =>
      run(RETRY, key, token, String(delayMs), 'failed', '', '1'),
    bury: async ({ key, token }: OldClaim) => run(BURY, key, token, 'hopeless', ''),
    replay: async (key: string) => run(REPLAY, key),
    prune: async () => run(PRUNE, '0', '500'),
  };
}
