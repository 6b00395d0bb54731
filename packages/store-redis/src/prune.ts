import type { PruneOptions } from '@qbitflow/core';
import { digestOf } from './digest.js';
import { countOf, writeAge } from './numbers.js';
import { inChunks } from './script/chunks.js';
import { arrayOf, numberOf, textOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { TOMBSTONES } from './script/tombstones.js';

// ARGV: how long they must have been done (ms), how many. The digests of these keys can only be made outside.
const PICK = script(`
local members = redis.call('ZRANGEBYSCORE', DONE, '-inf', clock() - ARGV[1], 'LIMIT', 0, ARGV[2])
return members
`);

// ARGV: how long they must have been done (ms), member and digest of each.
const ENTOMB = script(
  TOMBSTONES,
  `
expect_sorted_sets({ DONE, ALL, UNHANDLED, GONE })
local until_at, count = clock() - ARGV[1], 0
for i = 2, #ARGV, 2 do
  local member, digest = ARGV[i], ARGV[i + 1]
  local hash, at = hash_of(key_of(member)), redis.call('ZSCORE', DONE, member)
  local state = redis.call('HGET', hash, 'state')
  if at and tonumber(at) <= until_at then
    redis.call('ZREM', DONE, member)
    -- Without a body (evicted) the key is remembered all the same.
    if not state or state == 'done' then
      redis.call('ZREM', ALL, member)
      redis.call('ZREM', UNHANDLED, member)
      leave_tombstone(digest, at)
      redis.call('DEL', hash)
    end
    count = count + 1
  end
end
return count
`,
);

// ARGV: age (ms), how many. A bucket is looked through when its oldest tombstone is old enough.
const FORGET = script(
  TOMBSTONES,
  `
local LOOKED_AT = 5000
local until_at, left, forgotten, looked = clock() - ARGV[1], tonumber(ARGV[2]), 0, 0

local function look_through(bucket)
  local tombs = redis.call('HGETALL', tombs_of(bucket))
  local oldest
  looked = looked + #tombs
  for i = 1, #tombs, 2 do
    local at = tonumber(tombs[i + 1]) or 0
    if at <= until_at and forgotten < left then
      redis.call('HDEL', tombs_of(bucket), tombs[i])
      forgot_until(at)
      forgotten = forgotten + 1
    elseif not oldest or at < oldest then
      oldest = at
    end
  end
  redis.call('ZREM', GONE, bucket)
  if oldest then redis.call('ZADD', GONE, oldest, bucket) end
end

while forgotten < left and looked < LOOKED_AT do
  local bucket = redis.call('ZRANGEBYSCORE', GONE, '-inf', until_at, 'LIMIT', 0, 1)[1]
  if not bucket then return { forgotten, 0 } end
  look_through(bucket)
end
return { forgotten, 1 }
`,
);

/**
 * Turns up to `limit` deliveries done at least `doneForMs` ago into tombstones, oldest first, and forgets up to `limit`
 * tombstones that are older than `keepKeysMs`.
 */
export async function prune(run: Run, options: PruneOptions): Promise<number> {
  const limit = countOf('limit', options.limit, Number.MAX_SAFE_INTEGER);
  const doneFor = writeAge('doneForMs', options.doneForMs);
  const keepKeys = writeAge('keepKeysMs', options.keepKeysMs ?? Infinity);
  const dropped = doneFor === undefined ? 0 : await entomb(run, doneFor, limit);
  return dropped + (keepKeys === undefined ? 0 : await forget(run, keepKeys, limit));
}

async function entomb(run: Run, age: string, limit: number): Promise<number> {
  return inChunks(limit, async (most) => {
    const members = arrayOf(await run(PICK, [age, String(most)])).map(textOf);
    const args = members.flatMap((member) => [member, digestOf(keyOf(member))]);
    return members.length === 0 ? 0 : numberOf(await run(ENTOMB, [age, ...args]));
  });
}

async function forget(run: Run, age: string, limit: number): Promise<number> {
  let forgotten = 0;
  for (let more = true; more && forgotten < limit;) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    const reply = await run(FORGET, [age, String(Math.min(limit - forgotten, 1_000))]);
    const [some = 0, left = 0] = arrayOf(reply).map(numberOf);
    forgotten += some;
    more = left === 1;
  }
  return forgotten;
}

/** A member's key, after the 15 digits of its sequence number. */
function keyOf(member: string): string {
  return member.slice(16);
}
