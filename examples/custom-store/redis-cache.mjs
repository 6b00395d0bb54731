// The operations `cacheClaims` needs, on Redis 7 or later through ioredis. Run Redis with `maxmemory-policy noeviction`:
// an evicted key is an event that may run again.
const REPLACE_IF = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const REMOVE_IF = `
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])`;

export function redisCache(redis) {
  return {
    /** Sets the value for `ttlMs` unless there is one; resolves with the one that was there. */
    async setIfAbsent(key, value, ttlMs) {
      const there = await redis.set(key, value, 'PX', Math.ceil(ttlMs), 'NX', 'GET');
      return there ?? undefined;
    },
    /** Replaces the value if it is `expected`, and says whether it was. */
    async replaceIf(key, expected, value, ttlMs) {
      return (await redis.eval(REPLACE_IF, 1, key, expected, value, Math.ceil(ttlMs))) === 1;
    },
    /** Removes the value if it is `expected`, and says whether it was. */
    async removeIf(key, expected) {
      return (await redis.eval(REMOVE_IF, 1, key, expected)) === 1;
    },
  };
}
