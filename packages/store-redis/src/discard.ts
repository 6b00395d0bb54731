import { digestOf } from './digest.js';
import { numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { TOMBSTONES } from './script/tombstones.js';

// ARGV: key, its digest.
const DISCARD = script(
  TOMBSTONES,
  `
expect_sorted_sets({ DEAD, ALL })
local hash = hash_of(ARGV[1])
local state, sequence = unpack(redis.call('HMGET', hash, 'state', 'sequence'))
local was_gone = is_gone(ARGV[2])
if state ~= 'dead' then return 0 end
local member = member_of(sequence, ARGV[1])
redis.call('ZREM', DEAD, member)
redis.call('ZREM', ALL, member)
if not was_gone then leave_tombstone(ARGV[2], clock()) end
redis.call('DEL', hash)
return 1
`,
);

/** Drops a dead letter and leaves a tombstone. */
export async function discard(run: Run, key: string): Promise<boolean> {
  return numberOf(await run(DISCARD, [key, digestOf(key)])) === 1;
}
