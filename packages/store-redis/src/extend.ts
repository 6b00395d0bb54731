import type { Claim, ClaimOutcome, ExtendOptions } from '@qbitflow/core';
import { writeNames } from './delivery-fields.js';
import { countOf, writeDelay } from './numbers.js';
import { LINES } from './script/lines.js';
import { outcomeOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key, token, lease (ms), names, starts from now on ('' leaves them).
const EXTEND = script(
  LINES,
  `
expect_sorted_sets({ RUNNING, LAPSED })
local hash = hash_of(ARGV[1])
local member, started, counted = held(ARGV[1], ARGV[2])
if not member then return 0 end
leave_running(member)
redis.call('ZADD', RUNNING, clock() + ARGV[3], member)
if ARGV[5] ~= '' then
  -- What this taking counted is what is taken back when it is handed back uncounted.
  redis.call('HSET', hash, 'started', ARGV[5], 'counted', ARGV[5] - started + counted)
end
remember(hash, ARGV[4])
return 1
`,
);

/** Renews the lease, remembers who succeeded meanwhile, and sets the starts when asked. Also where Redis is full. */
export async function extend(
  run: Run,
  { key, token }: Claim,
  { leaseMs, succeeded, start }: ExtendOptions,
): Promise<ClaimOutcome> {
  const starts =
    start === undefined ? '' : String(countOf('start', start, Number.MAX_SAFE_INTEGER));
  const args = [key, token, writeDelay('leaseMs', leaseMs), writeNames(succeeded), starts];
  return outcomeOf(await run(EXTEND, args));
}
