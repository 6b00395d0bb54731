import type { StoreStats } from '@qbitflow/core';
import { arrayOf, numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

const STATS = script(`
local oldest = redis.call('ZRANGE', base .. 'due', 0, 0, 'WITHSCORES')
local answer = { oldest[2] and math.max(0, clock() - oldest[2]) or 0 }
for i, set in ipairs({ 'due', 'running', 'done', 'dead' }) do
  answer[i + 1] = redis.call('ZCARD', base .. set)
end
return answer
`);

/** Counts by state, and how long the oldest due delivery has waited (ms). */
export async function stats(run: Run): Promise<StoreStats> {
  const [oldestDueAgeMs = 0, due = 0, running = 0, done = 0, dead = 0] = arrayOf(
    await run(STATS, []),
  ).map(numberOf);
  return { due, running, done, dead, oldestDueAgeMs };
}
