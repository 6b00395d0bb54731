import { KEPT_ATTEMPTS, type TypeFilter } from '@qbitflow/core/store';
import { INDEXES } from './indexes.js';

/**
 * Queues (`line` in the scripts): what may be taken, one a type and subject, so that a take meets each subject once
 * however much waits behind its head. A family is `fresh` or `lapsed`. First writes only remove, so that Redis allows them when it is full.
 */
export const QUEUES = `
${INDEXES}
local function enter_due(kind, since, member)
  redis.call('ZADD', index .. 'due:' .. kind, since, member)
  set_bit('due', sequence_of(member))
end

-- Whether it was there.
local function exit_due(kind, member)
  local removed = redis.call('ZREM', index .. 'due:' .. kind, member)
  clear_bit('due', sequence_of(member))
  return removed == 1
end

local function heads_of(family, kind)
  return index .. family .. ':' .. kind
end

local function line_of(family, kind, subject)
  return heads_of(family, kind) .. '\\n' .. subject
end

local function family_of(started, finished)
  return (tonumber(started) or 0) > (tonumber(finished) or 0) and 'lapsed' or 'fresh'
end

local function entry_of(member, subject)
  return string.sub(member, 1, 16) .. subject
end

local function firsts_of(family, kind)
  return index .. family .. '-first:' .. kind
end

local function expect_line(family, kind, subject)
  expect_sorted_sets({ heads_of(family, kind), line_of(family, kind, subject) })
  redis.call('HLEN', firsts_of(family, kind))
  redis.call('SCARD', TYPES)
end

local function show(family, kind, subject, member, at)
  redis.call('HSET', firsts_of(family, kind), subject, member)
  redis.call('ZADD', heads_of(family, kind), at, entry_of(member, subject))
end

-- Puts a member where others of its subject wait: behind the first, or before it where it has been waiting for longer.
local function push_beside(family, kind, subject, member, at)
  local heads, line = heads_of(family, kind), line_of(family, kind, subject)
  local head = redis.call('HGET', firsts_of(family, kind), subject)
  local since = tonumber(redis.call('ZSCORE', heads, entry_of(head, subject)) or at)
  if head == member then
    show(family, kind, subject, member, at)
  elseif tonumber(at) < since or (tonumber(at) == since and member < head) then
    redis.call('ZADD', line, since, head)
    redis.call('ZREM', heads, entry_of(head, subject))
    show(family, kind, subject, member, at)
  else
    redis.call('ZADD', line, at, member)
    redis.call('ZADD', heads, since, entry_of(head, subject))
  end
end

-- Puts a member in its line. Most lines have one: it needs no sorted set of its own, which costs more than all the rest.
local function push(family, kind, subject, member, at)
  if redis.call('HSETNX', firsts_of(family, kind), subject, member) == 0 then
    return push_beside(family, kind, subject, member, at)
  end
  redis.call('ZADD', heads_of(family, kind), at, entry_of(member, subject))
end

-- Takes the first out of a line; the next one is shown.
local function behead(family, kind, subject, member)
  redis.call('ZREM', heads_of(family, kind), entry_of(member, subject))
  local following = redis.call('ZPOPMIN', line_of(family, kind, subject))
  if following[1] then show(family, kind, subject, following[1], following[2])
  else redis.call('HDEL', firsts_of(family, kind), subject) end
end

-- Takes a member out of its line; false when it was not there.
local function pull(family, kind, subject, member)
  if redis.call('HGET', firsts_of(family, kind), subject) ~= member then
    return redis.call('ZREM', line_of(family, kind, subject), member) == 1
  end
  behead(family, kind, subject, member)
  return true
end

-- The hash, member and counts of a delivery while the claim holds.
local function held(key, token)
  local hash = hash_of(key)
  local state, owner, sequence, started, counted, finished, succeeded, attempts = unpack(redis.call('HMGET', hash,
    'state', 'token', 'sequence', 'started', 'counted', 'finished', 'succeeded', 'attempts'))
  if state ~= 'running' or owner ~= token then return nil end
  return { hash = hash, member = member_of(sequence, key), started = tonumber(started or 0), counted = tonumber(counted or 0),
    finished = tonumber(finished or 0), succeeded = succeeded or '', attempts = attempts or '' }
end

-- Takes a member out of the running ones, whether its lease has lapsed or not.
local function leave_running(member)
  if redis.call('ZREM', RUNNING, member) == 0 and redis.call('ZREM', LAPSED, member) == 1 then
    local facts = facts_of(redis.call('HGET', hash_of(key_of(member)), 'facts'))
    pull('lapsed', facts.type, facts.subject, member)
  end
end

-- Adds names, JSON strings with a tab between them, to those known, which are one a line.
local function with_names(known, names)
  for name in string.gmatch(names, '[^\\t]+') do
    if not string.find('\\n' .. known, '\\n' .. name .. '\\n', 1, true) then known = known .. name .. '\\n' end
  end
  return known
end

-- Adds an attempt to those known, one a line: the newest are kept.
local function with_attempt(known, attempt)
  local _, count = string.gsub(known, '\\n', '\\n')
  for _ = ${KEPT_ATTEMPTS}, count do known = string.sub(known, string.find(known, '\\n', 1, true) + 1) end
  return known .. attempt .. '\\n'
end

-- Writes what a claim led to: these fields, who succeeded, and the attempt that ends with it ('' for none).
local function note_progress(claim, names, attempt, fields)
  if names ~= '' then
    fields[#fields + 1] = 'succeeded'
    fields[#fields + 1] = with_names(claim.succeeded, names)
  end
  if attempt ~= '' then
    fields[#fields + 1] = 'attempts'
    fields[#fields + 1] = with_attempt(claim.attempts, attempt)
  end
  if #fields > 0 then redis.call('HSET', claim.hash, unpack(fields)) end
end

-- Ends a taking: the same, and what only running deliveries have is gone.
local function release(claim, names, attempt, fields)
  note_progress(claim, names, attempt, fields)
  redis.call('HDEL', claim.hash, 'token', 'counted')
end
`;

/** Which types an operation is about: `wanted_types(from)` reads `mode, how many, names…` from ARGV. */
export const WANTED_TYPES = `
-- Those of the types there are that are wanted (by name, or all but those named), and where the arguments go on.
local function wanted_types(from)
  local only, count = ARGV[from] == 'only', tonumber(ARGV[from + 1])
  local named, kinds = {}, {}
  for i = from + 2, from + 1 + count do named[ARGV[i]] = true end
  for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do
    if (named[kind] or false) == only then kinds[#kinds + 1] = kind end
  end
  return kinds, from + 2 + count
end
`;

/** A filter as `wanted_types` reads it; none wants all. */
export function typeArguments(types: TypeFilter | undefined): readonly string[] {
  const [mode, names] = filterOf(types);
  return [mode, String(names.length), ...names];
}

function filterOf(
  types: TypeFilter | undefined,
): readonly [mode: string, names: readonly string[]] {
  if (types === undefined) return ['except', []];
  return 'only' in types ? ['only', types.only] : ['except', types.except];
}
