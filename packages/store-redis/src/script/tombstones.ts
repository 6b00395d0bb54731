/**
 * Tombstones: what is left of a key. Many small hashes, which Redis keeps packed; a few bytes more each where they are
 * set up not to be, or have grown past that.
 */
export const TOMBSTONES = `
local BUCKETS = 1024

local function bucket_of(digest)
  local first, second = string.byte(digest, 1, 2)
  return (first * 256 + second) % BUCKETS
end

local function tombs_of(bucket)
  return index .. 'gone:' .. bucket
end

local function is_gone(digest)
  return redis.call('HEXISTS', tombs_of(bucket_of(digest)), digest) == 1
end

local function leave_tombstone(digest, at)
  local bucket = bucket_of(digest)
  redis.call('HSET', tombs_of(bucket), digest, at)
  redis.call('ZADD', GONE, 'LT', at, bucket)
end

local function forgot_until(at)
  local known = tonumber(redis.call('HGET', META, 'forgotten') or 0)
  if at > known then redis.call('HSET', META, 'forgotten', at) end
end
`;
