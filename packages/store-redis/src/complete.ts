import type { Claim, ClaimOutcome, Progress } from '@qbitflow/core';
import { writeNames } from './delivery-fields.js';
import { LINES } from './script/lines.js';
import { arrayOf, outcomeOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

/** One taking that succeeded. */
export type Completion = Claim & Progress;

// ARGV: key, token and names of each.
const COMPLETE = script(
  LINES,
  `
expect_sorted_sets({ RUNNING, LAPSED, DONE })
local at = clock()
local answers = {}
for i = 1, #ARGV, 3 do
  local hash = hash_of(ARGV[i])
  local member, started = held(ARGV[i], ARGV[i + 1])
  if member then
    leave_running(member)
    redis.call('ZADD', DONE, at, member)
    redis.call('HSET', hash, 'state', 'done', 'at', at, 'finished', started)
    redis.call('HDEL', hash, 'token', 'counted')
    remember(hash, ARGV[i + 2])
  end
  answers[#answers + 1] = member and 1 or 0
end
return answers
`,
);

/** running → done for all that are still held, in one step; answers for each in order. */
export async function complete(
  run: Run,
  completions: readonly Completion[],
): Promise<readonly ClaimOutcome[]> {
  const args = completions.flatMap(({ key, token, succeeded }) => [
    key,
    token,
    writeNames(succeeded),
  ]);
  return arrayOf(await run(COMPLETE, args)).map(outcomeOf);
}
