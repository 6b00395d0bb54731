/**
 * Lines: what may be taken, one a type and subject, so that a take meets each subject once however much waits behind
 * its head. A family is `fresh` or `lapsed`. First writes only remove, so that Redis allows them when it is full.
 */
export const LINES = `
local function heads_of(family, kind)
  return index .. family .. ':' .. kind
end

local function line_of(family, kind, subject)
  return heads_of(family, kind) .. '\\n' .. subject
end

local function family_of(started, finished)
  return (tonumber(started) or 0) > (tonumber(finished) or 0) and 'lapsed' or 'fresh'
end

-- What starts waiting in the same ms falls in the order of recording: as far as a double is exact, 4,096 a ms.
local function since_of(at, member)
  return at + (sequence_of(member) % 4096) / 4096
end

local function expect_line(family, kind, subject)
  expect_sorted_sets({ heads_of(family, kind), line_of(family, kind, subject) })
  redis.call('SCARD', TYPES)
end

local function show_head(family, kind, subject)
  local head = redis.call('ZRANGE', line_of(family, kind, subject), 0, 0, 'WITHSCORES')
  if head[1] then redis.call('ZADD', heads_of(family, kind), head[2], subject)
  else redis.call('ZREM', heads_of(family, kind), subject) end
end

-- Puts a member in its line, behind those that have been waiting for longer.
local function push(family, kind, subject, member, at)
  local since = since_of(at, member)
  redis.call('ZADD', line_of(family, kind, subject), since, member)
  redis.call('ZADD', heads_of(family, kind), 'LT', since, subject)
end

-- Takes a member out of its line; false when it was not there.
local function pull(family, kind, subject, member)
  if redis.call('ZREM', line_of(family, kind, subject), member) == 0 then return false end
  show_head(family, kind, subject)
  return true
end

-- The member and the counts of a delivery while the claim holds.
local function held(key, token)
  local state, owner, sequence, started, counted, finished =
    unpack(redis.call('HMGET', hash_of(key), 'state', 'token', 'sequence', 'started', 'counted', 'finished'))
  if state ~= 'running' or owner ~= token then return nil end
  return member_of(sequence, key), tonumber(started or 0), tonumber(counted or 0), tonumber(finished or 0)
end

-- Takes a member out of the running ones, whether its lease has lapsed or not.
local function leave_running(member)
  if redis.call('ZREM', RUNNING, member) == 0 and redis.call('ZREM', LAPSED, member) == 1 then
    local facts = facts_of(redis.call('HGET', hash_of(key_of(member)), 'facts'))
    pull('lapsed', facts.type, facts.subject, member)
  end
end

-- Adds names, one JSON string a line, to those known.
local function remember(hash, names)
  if names == '' then return end
  local known = redis.call('HGET', hash, 'succeeded') or ''
  for name in string.gmatch(names, '[^\\n]+') do
    if not string.find('\\n' .. known, '\\n' .. name .. '\\n', 1, true) then known = known .. name .. '\\n' end
  end
  redis.call('HSET', hash, 'succeeded', known)
end
`;
