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
expect_sorted_sets({ DONE, ALL, UNHANDLED })
local until_at, count = clock() - ARGV[1], 0
for i = 2, #ARGV, 2 do
  local member, digest = ARGV[i], ARGV[i + 1]
  local hash, at = hash_of(key_of(member)), redis.call('ZSCORE', DONE, member)
  local state = redis.call('HGET', hash, 'state')
  local was_gone = is_gone(digest)
  if at and tonumber(at) <= until_at then
    redis.call('ZREM', DONE, member)
    -- Without a body (evicted) the key is remembered all the same.
    if not state or state == 'done' then
      redis.call('ZREM', ALL, member)
      redis.call('ZREM', UNHANDLED, member)
      if not was_gone then leave_tombstone(digest, at) end
      redis.call('DEL', hash)
    end
    count = count + 1
  end
end
return count
`,
);

// ARGV: age (ms), how many, from which bucket on. Only buckets whose oldest tombstone is old enough are read.
const FORGET = script(
  TOMBSTONES,
  `
local LOOKED_AT, MOST_BYTES = 2048, 200000
local until_at, left, bucket = clock() - ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local forgotten, bytes, last = 0, 0, bucket + LOOKED_AT

local function forget_in(bucket, key)
  local tombs, kept, oldest = tombs_of(bucket), {}, nil
  bytes = bytes + #tombs
  -- First of all: a full server lets a script write whose first write removes.
  redis.call('DEL', key)
  for from = TIME_BYTES + 1, #tombs, TOMB_BYTES do
    local at = read_time(tombs, from + TOMB_BYTES - TIME_BYTES)
    if at <= until_at and forgotten < left then
      forgot_until(at)
      forgotten = forgotten + 1
    else
      kept[#kept + 1] = string.sub(tombs, from, from + TOMB_BYTES - 1)
      oldest = math.min(oldest or at, at)
    end
  end
  if oldest then redis.call('SET', key, write_time(oldest) .. table.concat(kept)) end
end

while bucket < math.min(last, BUCKETS) and bytes < MOST_BYTES and forgotten < left do
  local key = bucket_key(bucket)
  local oldest = redis.call('GETRANGE', key, 0, TIME_BYTES - 1)
  if oldest ~= '' and read_time(oldest, 1) <= until_at then forget_in(bucket, key) end
  bucket = bucket + 1
end
if forgotten > 0 then redis.call('HINCRBY', META, 'tombstones', -forgotten) end
return { forgotten, bucket < BUCKETS and bucket or -1 }
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
  for (let bucket = 0; bucket >= 0 && forgotten < limit;) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    const reply = await run(FORGET, [age, String(limit - forgotten), String(bucket)]);
    const [some = 0, next = -1] = arrayOf(reply).map(numberOf);
    forgotten += some;
    bucket = next;
  }
  return forgotten;
}

/** A member's key, after the 15 digits of its sequence number. */
function keyOf(member: string): string {
  return member.slice(16);
}
