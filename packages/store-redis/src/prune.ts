import { hash } from 'node:crypto';
import type { PruneOptions } from '@qbitflow/core/store';
import { arrayOf, checks, numberOf, textOf, writeAge } from './codec.js';
import { INDEXES } from './indexes.js';
import { inChunks, type Run } from './run.js';
import { script } from './schema.js';

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

-- Tells, later, whether tombstones were left or forgotten in between. Processes of the release before count those alone.
local function tombstone_version()
  local known, changes = unpack(redis.call('HMGET', META, 'tombstones', 'tombstoneChanges'))
  return (known or '') .. '/' .. (changes or '')
end

local function note_tombstone_change()
  redis.call('HINCRBY', META, 'tombstoneChanges', 1)
end

local function forgot_until(at)
  local known = tonumber(redis.call('HGET', META, 'forgotten') or 0)
  if at > known then redis.call('HSET', META, 'forgotten', at) end
end
`;

/** How many bytes of a key's SHA-256 a tombstone keeps. */
export const DIGEST_BYTES = 16;

/** What a tombstone keeps of a key: the first 128 bits of its SHA-256. */
export function digestOf(key: string): Buffer {
  return hash('sha256', key, 'buffer').subarray(0, DIGEST_BYTES);
}

// ARGV: how long they must have been done (ms), how many. The digests of these keys can only be made outside.
const PICK = script(`
local members = redis.call('ZRANGEBYSCORE', DONE, '-inf', clock() - ARGV[1], 'LIMIT', 0, ARGV[2])
return members
`);

// ARGV: how long they must have been done (ms), member and digest of each.
const ENTOMB = script(
  INDEXES,
  TOMBSTONES,
  `
expect_sorted_sets({ DONE, ALL, UNHANDLED })
local until_at, count = clock() - ARGV[1], 0
for i = 2, #ARGV, 2 do
  local member, digest = ARGV[i], ARGV[i + 1]
  local hash, at = hash_of(key_of(member)), redis.call('ZSCORE', DONE, member)
  local state, facts = unpack(redis.call('HMGET', hash, 'state', 'facts'))
  local was_gone = is_gone(digest)
  if at and tonumber(at) <= until_at then
    redis.call('ZREM', DONE, member)
    -- Without a body (evicted) the key is remembered all the same.
    if not state or state == 'done' then
      redis.call('ZREM', ALL, member)
      redis.call('ZREM', UNHANDLED, member)
      unindex(facts_of(facts), sequence_of(member))
      if not was_gone then leave_tombstone(digest, at) end
      redis.call('DEL', hash)
    end
    count = count + 1
  end
end
if count > 0 then note_tombstone_change() end
return count
`,
);

// ARGV: age (ms), how many, from which bucket on. Only buckets whose oldest tombstone is old enough are read.
const FORGET = script(
  TOMBSTONES,
  `
local LOOKED_AT, MOST_BYTES = 512, 200000
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
if forgotten > 0 then
  redis.call('HINCRBY', META, 'tombstones', -forgotten)
  note_tombstone_change()
end
return { forgotten, bucket < BUCKETS and bucket or -1 }
`,
);

/**
 * Turns up to `limit` deliveries done at least `doneForMs` ago into tombstones, oldest first, and forgets up to `limit`
 * tombstones that are older than `keepKeysMs`.
 */
export async function prune(run: Run, options: PruneOptions): Promise<number> {
  const limit = checks.count('limit', options.limit);
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
