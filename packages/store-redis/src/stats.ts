import type { StoreStats, TypeFilter } from '@qbitflow/core';
import { LINES } from './script/lines.js';
import { arrayOf, numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { typeArguments, WANTED_TYPES } from './script/types.js';

// ARGV: types that are handled.
const STATS = script(
  LINES,
  WANTED_TYPES,
  `
local at = clock()
local due, unhandled, oldest = 0, redis.call('ZCARD', UNHANDLED), nil

local function due_since(since)
  since = tonumber(since)
  if since and (not oldest or since < oldest) then oldest = since end
end

-- The oldest of those whose start never finished, unless it is one that is still running.
local function lapsed_since(kind)
  local head = redis.call('ZRANGE', heads_of('lapsed', kind), 0, 0, 'WITHSCORES')
  if not head[1] then return nil end
  local member = redis.call('HGET', firsts_of('lapsed', kind), string.sub(head[1], 17))
  return member and redis.call('ZSCORE', index .. 'due:' .. kind, member) and head[2]
end

local handled = {}
for _, kind in ipairs(wanted_types(1)) do handled[kind] = true end
for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do
  local count = redis.call('ZCARD', index .. 'due:' .. kind)
  due = due + count
  if not handled[kind] then unhandled = unhandled + count end
  due_since(redis.call('ZRANGE', heads_of('fresh', kind), 0, 0, 'WITHSCORES')[2])
  due_since(redis.call('ZRANGEBYSCORE', index .. 'wait:' .. kind, '-inf', at, 'WITHSCORES', 'LIMIT', 0, 1)[2])
  due_since(lapsed_since(kind) or nil)
end
local running = redis.call('ZCARD', RUNNING) + redis.call('ZCARD', LAPSED)
return { oldest and math.max(0, at - oldest) or 0, due, running, redis.call('ZCARD', DONE), redis.call('ZCARD', DEAD), unhandled }
`,
);

/** Counts by state, and how long the oldest due delivery has waited (ms). */
export async function stats(run: Run, handled: TypeFilter | undefined): Promise<StoreStats> {
  const reply = arrayOf(await run(STATS, typeArguments(handled)));
  const [oldestDueAgeMs = 0, due = 0, running = 0, done = 0, dead = 0, unhandled = 0] =
    reply.map(numberOf);
  return { due, running, done, dead, unhandled, oldestDueAgeMs };
}
