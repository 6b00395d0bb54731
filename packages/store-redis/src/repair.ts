import { arrayOf, numberOf } from './codec.js';
import { verifyIndexes } from './index-upkeep.js';
import { QUEUES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';
import { verifyTombstones } from './tombstone-count.js';

/**
 * Puts deliveries where their state says they belong. Used for what an older version of this package has written, and
 * for what a server that evicts keys, or an operator by hand, has put out of order.
 */
export const PLACE = `
-- How long a running delivery whose lease is not known may stay with its taker, who renews it before that.
local UNKNOWN_LEASE = 900000

local function is_in_line(family, kind, subject, member)
  local head = redis.call('HGET', firsts_of(family, kind), subject)
  return head and redis.call('ZSCORE', heads_of(family, kind), entry_of(head, subject))
    and (head == member or redis.call('ZSCORE', line_of(family, kind, subject), member))
end

local function place_due(member, facts, delivery)
  local kind, family = facts.type, family_of(delivery.started, delivery.finished)
  local at, now = tonumber(delivery.at or delivery.recordedAt or 0), clock()
  redis.call('SADD', TYPES, kind)
  enter_due(kind, delivery.dueSince or delivery.recordedAt or at, member)
  if redis.call('ZSCORE', index .. 'wait:' .. kind, member) or is_in_line(family, kind, facts.subject, member) then return end
  if at > now then redis.call('ZADD', index .. 'wait:' .. kind, at, member)
  else push(family, kind, facts.subject, member, at) end
end

local function place_running(member, facts)
  if redis.call('ZSCORE', RUNNING, member) then return end
  local lapsed_at = redis.call('ZSCORE', LAPSED, member)
  if is_in_line('lapsed', facts.type, facts.subject, member) then
    redis.call('ZADD', LAPSED, lapsed_at or clock(), member)
  elseif lapsed_at then
    redis.call('SADD', TYPES, facts.type)
    push('lapsed', facts.type, facts.subject, member, lapsed_at)
  else
    redis.call('ZADD', RUNNING, clock() + UNKNOWN_LEASE, member)
  end
end

local function leave_due(member, facts)
  if not exit_due(facts.type, member) then return end
  redis.call('ZREM', index .. 'wait:' .. facts.type, member)
  pull('fresh', facts.type, facts.subject, member)
  pull('lapsed', facts.type, facts.subject, member)
end

local FIELDS = { 'state', 'facts', 'started', 'finished', 'recordedAt', 'dueSince', 'at', 'unhandled' }

local function read(member)
  local values = redis.call('HMGET', hash_of(key_of(member)), unpack(FIELDS))
  local delivery = {}
  for i, name in ipairs(FIELDS) do delivery[name] = values[i] or nil end
  return delivery
end

-- A delivery that is gone: where it was done, pruning still makes a tombstone of its key.
local function drop(member, found_in)
  for _, set in ipairs({ RUNNING, LAPSED, DEAD }) do redis.call('ZREM', set, member) end
  if found_in and found_in ~= DONE and found_in ~= ALL then redis.call('ZREM', found_in, member) end
  if not redis.call('ZSCORE', DONE, member) then redis.call('ZREM', ALL, member) end
end

local function place(member, found_in)
  local delivery = read(member)
  local state, facts = delivery.state, facts_of(delivery.facts)
  if not state then return drop(member, found_in) end
  if state ~= 'due' then leave_due(member, facts) end
  if state ~= 'running' then leave_running(member) end
  redis.call('ZADD', ALL, sequence_of(member), member)
  if state ~= 'done' then redis.call('ZREM', DONE, member) end
  if state ~= 'dead' then redis.call('ZREM', DEAD, member) end
  if state == 'due' then place_due(member, facts, delivery)
  elseif state == 'running' then place_running(member, facts)
  elseif state == 'dead' then redis.call('ZADD', DEAD, sequence_of(member), member)
  elseif not redis.call('ZSCORE', DONE, member) then
    redis.call('ZADD', DONE, delivery.at or delivery.recordedAt or clock(), member)
    if delivery.unhandled then redis.call('ZADD', UNHANDLED, sequence_of(member), member) end
  end
end
`;

/**
 * What version 1 wrote, or still writes while a process with it runs beside: sorted sets `due`, `running`, `done` and
 * `dead` right under the base. They are emptied into this version's. `drain` gives how many may be left.
 */
export const DRAIN = `
local OLD = { 'due', 'running', 'done', 'dead' }

local function drain(most)
  local left = 0
  for _, set in ipairs(OLD) do
    local name = base .. set
    local members = redis.call('ZRANGE', name, 0, most - 1, 'WITHSCORES')
    for i = 1, #members, 2 do
      local member = members[i]
      redis.call('ZREM', name, member)
      if set == 'running' and redis.call('HGET', hash_of(key_of(member)), 'state') == 'running' then
        leave_running(member)
        redis.call('ZADD', ALL, sequence_of(member), member)
        redis.call('ZADD', RUNNING, members[i + 1], member)
      else
        place(member)
      end
    end
    left = left + redis.call('ZCARD', name)
  end
  return left
end

local function drain_if_there(most)
  if redis.call('EXISTS', base .. 'due', base .. 'running', base .. 'done', base .. 'dead') == 0 then return 0 end
  return drain(most)
end
`;

// ARGV: how many of each set.
const TAKE_OVER = script(QUEUES, PLACE, DRAIN, `return drain_if_there(tonumber(ARGV[1]))`);
const TAKEN_OVER_AT_ONCE = 250;

/** Takes over what version 1 has left, in short scripts; several processes may do so at once. */
export async function takeOver(run: Run): Promise<void> {
  let left: number;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    left = numberOf(await run(TAKE_OVER, [String(TAKEN_OVER_AT_ONCE)]));
  } while (left > 0);
}

// Cheap whatever there is: counts, and the oldest of what should be taken by now.
const CHECK = script(
  QUEUES,
  PLACE,
  `
local PLACED_AT_ONCE, LEAST = 200, 5
local count, kinds = 0, redis.call('SMEMBERS', TYPES)
local oldest = math.max(LEAST, math.floor(PLACED_AT_ONCE / (#kinds + 1)))

local function place_oldest(set)
  for _, member in ipairs(redis.call('ZRANGE', set, 0, oldest - 1)) do place(member, set) end
end

-- A full server lets a script write whose first write removes.
redis.call('HDEL', META, '')
for _, set in ipairs({ RUNNING, LAPSED, DONE, DEAD }) do count = count + redis.call('ZCARD', set) end
place_oldest(LAPSED)
for _, kind in ipairs(kinds) do
  count = count + redis.call('ZCARD', index .. 'due:' .. kind)
  place_oldest(index .. 'due:' .. kind)
end
return { count - redis.call('ZCARD', ALL) }
`,
);

// ARGV: 'all' or 'sets', from where, how many. Answers with how many it looked at.
const SWEEP = script(
  QUEUES,
  PLACE,
  `
local from, most, looked = tonumber(ARGV[2]), tonumber(ARGV[3]), 0
local sets = { ALL }
if ARGV[1] == 'sets' then
  sets = { RUNNING, LAPSED, DONE, DEAD }
  for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do sets[#sets + 1] = index .. 'due:' .. kind end
end
for _, set in ipairs(sets) do
  local members = redis.call('ZRANGE', set, from, from + most - 1)
  for _, member in ipairs(members) do place(member, set) end
  looked = math.max(looked, #members)
end
return looked
`,
);

const SWEPT_AT_ONCE = 200;

/**
 * Puts deliveries that are in none of the sets their state asks for back into them: those whose sets a server that
 * evicts keys has dropped. Where all is in order it takes the server some short scripts.
 */
export async function repair(run: Run): Promise<void> {
  await verifyTombstones(run);
  const [surplus] = arrayOf(await run(CHECK, []));
  const difference = numberOf(surplus);
  if (difference < 0) await sweep(run, 'all');
  if (difference > 0) await sweep(run, 'sets');
  await verifyIndexes(run, async () => sweep(run, 'sets'));
}

async function sweep(run: Run, what: 'all' | 'sets'): Promise<void> {
  let looked = SWEPT_AT_ONCE;
  for (let from = 0; looked === SWEPT_AT_ONCE; from += SWEPT_AT_ONCE) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    looked = numberOf(await run(SWEEP, [what, String(from), String(SWEPT_AT_ONCE)]));
  }
}
