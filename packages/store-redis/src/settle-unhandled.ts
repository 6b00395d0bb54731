import type { SettleOptions } from '@qbitflow/core';
import { countOf, writeAge } from './numbers.js';
import { inChunks } from './script/chunks.js';
import { LINES } from './script/lines.js';
import { numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { typeArguments, WANTED_TYPES } from './script/types.js';

// ARGV: how long they must have been due (ms), how many, types.
const SETTLE = script(
  LINES,
  WANTED_TYPES,
  `
local PAGE, MOST_SKIPPED = 200, 20000
local at, left, settled = clock(), tonumber(ARGV[2]), 0
local until_since = at - ARGV[1]

local function settle(kind, member)
  local hash = hash_of(key_of(member))
  local waits_until = tonumber(redis.call('ZSCORE', index .. 'wait:' .. kind, member) or 0)
  if waits_until > at then return false end
  local state, facts, started, finished = unpack(redis.call('HMGET', hash, 'state', 'facts', 'started', 'finished'))
  redis.call('ZREM', index .. 'due:' .. kind, member)
  if not state then redis.call('ZREM', ALL, member) end
  if state ~= 'due' then return true end
  if redis.call('ZREM', index .. 'wait:' .. kind, member) == 0 then
    pull(family_of(started, finished), kind, facts_of(facts).subject, member)
  end
  redis.call('ZADD', DONE, at, member)
  redis.call('ZADD', UNHANDLED, sequence_of(member), member)
  redis.call('HSET', hash, 'state', 'done', 'at', at, 'unhandled', 1)
  settled = settled + 1
  return true
end

-- Retries that wait for their time are not due and stay where they are, so more than is settled may be looked at.
local function settle_type(kind)
  local skipped, members = 0, nil
  repeat
    members = redis.call('ZRANGEBYSCORE', index .. 'due:' .. kind, '-inf', until_since, 'LIMIT', skipped, PAGE)
    for _, member in ipairs(members) do
      if settled == left then return end
      if not settle(kind, member) then skipped = skipped + 1 end
    end
  until #members < PAGE or skipped > MOST_SKIPPED
end

expect_sorted_sets({ DONE, UNHANDLED, ALL })
for _, kind in ipairs(wanted_types(3)) do
  expect_sorted_sets({ index .. 'wait:' .. kind, heads_of('fresh', kind), heads_of('lapsed', kind) })
  settle_type(kind)
end
return settled
`,
);

/** due → done and unhandled, for up to `limit` of these types, those due for longest first within a type. */
export async function settleUnhandled(run: Run, options: SettleOptions): Promise<number> {
  const limit = countOf('limit', options.limit, Number.MAX_SAFE_INTEGER);
  const age = writeAge('dueForMs', options.dueForMs);
  const types = typeArguments(options.types);
  if (age === undefined) return 0;
  return inChunks(limit, async (most) =>
    numberOf(await run(SETTLE, [age, String(most), ...types])),
  );
}
