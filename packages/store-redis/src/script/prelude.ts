/**
 * What every script starts with. All keys are derived from KEYS[1], `{prefix}:`, so that one hash tag keeps a store on
 * one cluster node, and a client's own key prefix applies to all of them alike.
 *
 * - `<base>delivery:<key>`: hash, one a delivery.
 * - `<base>due`, `<base>running`, `<base>done`: sorted sets by the time it is due, the lease ends, it was done (ms).
 * - `<base>dead`, `<base>all`: sorted sets by sequence number.
 * - `<base>sequence`: counter of records.
 *
 * The last argument is the channel of hints: no key, so no prefix applies to it.
 * Members are `<sequence, 15 digits>:<key>`, so that equal scores fall in the order of recording.
 */
export const PRELUDE = `
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

-- The member of a delivery while the claim holds, and its counts of starts.
local function held(key, token)
  local state, owner, sequence, started, counted =
    unpack(redis.call('HMGET', hash_of(key), 'state', 'token', 'sequence', 'started', 'counted'))
  if state ~= 'running' or owner ~= token then return nil end
  return member_of(sequence, key), tonumber(started), tonumber(counted)
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

-- Subject, type and so on; nothing of a text that is not what the store writes.
local function facts_of(json)
  local ok, facts = pcall(cjson.decode, json)
  return ok and facts or {}
end

-- Tells listeners that something is due. A user without rights to the channel must not lose the transition.
local function hint(subject)
  redis.pcall('PUBLISH', channel, subject or '')
end
`;
