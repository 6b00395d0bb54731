import type { BuryOptions, Claim, ClaimOutcome } from '@qbitflow/core';
import { writeNames } from './delivery-fields.js';
import { LINES } from './script/lines.js';
import { outcomeOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key, token, error, names.
const BURY = script(
  LINES,
  `
expect_sorted_sets({ RUNNING, LAPSED, DEAD })
local hash = hash_of(ARGV[1])
local member, started = held(ARGV[1], ARGV[2])
if not member then return 0 end
leave_running(member)
redis.call('ZADD', DEAD, sequence_of(member), member)
redis.call('HSET', hash, 'state', 'dead', 'at', clock(), 'finished', started, 'lastError', ARGV[3])
redis.call('HDEL', hash, 'token', 'counted')
remember(hash, ARGV[4])
return 1
`,
);

/** running → dead. */
export async function bury(
  run: Run,
  { key, token }: Claim,
  { error, succeeded }: BuryOptions,
): Promise<ClaimOutcome> {
  return outcomeOf(await run(BURY, [key, token, error, writeNames(succeeded)]));
}
