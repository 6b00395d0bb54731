/**
 * Tombstones: what is left of a key, 22 bytes each, in many short strings: a server's settings for small hashes do not
 * matter, and a look-up reads one string. Such a bucket is the time of its oldest tombstone, then digest and time of
 * each; times are ms in six bytes.
 */
export const TOMBSTONES = `
local BUCKETS, TIME_BYTES, TOMB_BYTES = 8192, 6, 22

local function bucket_key(bucket)
  return index .. 'gone:' .. bucket
end

local function bucket_of(digest)
  local first, second = string.byte(digest, 1, 2)
  return (first * 256 + second) % BUCKETS
end

local function write_time(at)
  local bytes, rest = {}, tonumber(at)
  for i = TIME_BYTES, 1, -1 do
    bytes[i] = rest % 256
    rest = math.floor(rest / 256)
  end
  return string.char(unpack(bytes))
end

local function read_time(text, from)
  local at = 0
  for i = from, from + TIME_BYTES - 1 do at = at * 256 + string.byte(text, i) end
  return at
end

-- What is in a bucket, or false. Something else under its name fails here, before the first write.
local function tombs_of(bucket)
  local key = bucket_key(bucket)
  local tombs = redis.call('GET', key)
  if tombs and (#tombs - TIME_BYTES) % TOMB_BYTES ~= 0 then redis.call('ZCARD', key) end
  return tombs
end

local function is_gone(digest)
  local tombs = tombs_of(bucket_of(digest))
  local from = tombs and string.find(tombs, digest, TIME_BYTES + 1, true)
  -- The same bytes may also be found across two tombstones.
  while from and (from - TIME_BYTES - 1) % TOMB_BYTES ~= 0 do from = string.find(tombs, digest, from + 1, true) end
  return from and true or false
end

local function leave_tombstone(digest, at)
  local key, time = bucket_key(bucket_of(digest)), write_time(at)
  local oldest = redis.call('GETRANGE', key, 0, TIME_BYTES - 1)
  if oldest == '' then redis.call('APPEND', key, time) elseif time < oldest then redis.call('SETRANGE', key, 0, time) end
  redis.call('APPEND', key, digest .. time)
  redis.call('HINCRBY', META, 'tombstones', 1)
end

local function forgot_until(at)
  local known = tonumber(redis.call('HGET', META, 'forgotten') or 0)
  if at > known then redis.call('HSET', META, 'forgotten', at) end
end
`;
