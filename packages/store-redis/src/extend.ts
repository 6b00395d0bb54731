import type { Claim, ClaimOutcome, ExtendOptions } from '@qbitflow/core';
import { writeMs, writeNames } from './delivery-fields.js';
import { outcomeOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key, token, lease (ms), names, starts to count.
const EXTEND = script(`
local hash = hash_of(ARGV[1])
local member, started, counted = held(ARGV[1], ARGV[2])
if not member then return 0 end
redis.call('ZADD', base .. 'running', clock() + ARGV[3], member)
redis.call('HSET', hash, 'started', started + ARGV[5], 'counted', counted + ARGV[5])
remember(hash, ARGV[4])
return 1
`);

/** Renews the lease, remembers who succeeded meanwhile, and counts a start when asked. */
export async function extend(
  run: Run,
  { key, token }: Claim,
  { leaseMs, succeeded, start = false }: ExtendOptions,
): Promise<ClaimOutcome> {
  const args = [key, token, writeMs(leaseMs), writeNames(succeeded), start ? '1' : '0'];
  return outcomeOf(await run(EXTEND, args));
}
