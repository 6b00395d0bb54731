import type { Claim, ClaimOutcome, RetryOptions } from '@qbitflow/core';
import { writeMs, writeNames } from './delivery-fields.js';
import { outcomeOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key, token, delay (ms), error, names, whether the attempt counts.
const RETRY = script(`
local hash = hash_of(ARGV[1])
local member, started, counted = held(ARGV[1], ARGV[2])
if not member then return 0 end
local due_at = clock() + ARGV[3]
redis.call('ZREM', base .. 'running', member)
redis.call('ZADD', base .. 'due', due_at, member)
redis.call('HSET', hash, 'state', 'due', 'at', due_at, 'lastError', ARGV[4])
redis.call('HDEL', hash, 'token', 'counted')
if ARGV[6] == '1' then
  redis.call('HSET', hash, 'finished', started)
else
  redis.call('HSET', hash, 'started', started - counted)
end
remember(hash, ARGV[5])
if ARGV[3] == '0' then hint(facts_of(redis.call('HGET', hash, 'facts')).subject) end
return 1
`);

/** running → due after `delayMs`; uncounted, the starts this taking counted are taken back. */
export async function retry(
  run: Run,
  { key, token }: Claim,
  { delayMs, error, succeeded, counted = true }: RetryOptions,
): Promise<ClaimOutcome> {
  const args = [key, token, writeMs(delayMs), error, writeNames(succeeded), counted ? '1' : '0'];
  return outcomeOf(await run(RETRY, args));
}
