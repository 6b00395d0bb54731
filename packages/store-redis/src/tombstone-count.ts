import { arrayOf, numberOf, textOf } from './codec.js';
import { TOMBSTONES } from './prune.js';
import type { Run } from './run.js';
import { script } from './schema.js';

// ARGV: from which bucket on. Answers with how many there are in some buckets, where to go on (-1 at the end), and what
// tells of a change meanwhile.
const COUNT = script(
  TOMBSTONES,
  `
local AT_ONCE = 256
local from, bytes, buckets = tonumber(ARGV[1]), 0, 0
for bucket = from, math.min(from + AT_ONCE, BUCKETS) - 1 do
  local length = redis.call('STRLEN', bucket_key(bucket))
  bytes = bytes + length
  if length > 0 then buckets = buckets + 1 end
end
local is_end = from + AT_ONCE >= BUCKETS
return { (bytes - buckets * TIME_BYTES) / TOMB_BYTES, is_end and -1 or from + AT_ONCE, tombstone_version() }
`,
);

// ARGV: how many there are, and as of which change.
const COMPARE = script(
  TOMBSTONES,
  `
local known, count = redis.call('HGET', META, 'tombstones'), tonumber(ARGV[1])
if tombstone_version() ~= ARGV[2] or tonumber(known) == count then return 0 end
redis.call('HDEL', META, 'tombstones')
redis.call('HSET', META, 'tombstones', count)
-- Evicted. Which keys they were is unknown: from now on nothing older is known for sure.
if known and count < tonumber(known) then forgot_until(clock()) end
return 1
`,
);

/**
 * Notices that tombstones are gone which nobody forgot, in short scripts. Where others leave or forget some meanwhile the
 * count says nothing, and the next round of pruning counts again.
 */
export async function verifyTombstones(run: Run): Promise<void> {
  let count = 0;
  let version: string | undefined;
  for (let bucket = 0; bucket >= 0;) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    const [some, next, seen] = arrayOf(await run(COUNT, [String(bucket)]));
    const now = textOf(seen);
    version ??= now;
    if (version !== now) return;
    count += numberOf(some);
    bucket = numberOf(next);
  }
  await run(COMPARE, [String(count), version ?? '']);
}
