import type { Claim, ClaimOutcome, RetryOptions } from '@qbitflow/core';
import { writeNames } from './delivery-fields.js';
import { writeDelay } from './numbers.js';
import { LINES } from './script/lines.js';
import { outcomeOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key, token, delay (ms), error, names, whether the attempt counts.
const RETRY = script(
  LINES,
  `
local hash = hash_of(ARGV[1])
local member, started, counted, finished = held(ARGV[1], ARGV[2])
if not member then return 0 end
local recorded, since, facts = unpack(redis.call('HMGET', hash, 'recordedAt', 'dueSince', 'facts'))
facts = facts_of(facts)
local kind, at = facts.type, clock() + ARGV[3]
if ARGV[6] == '1' then finished = started else started = started - counted end
local family = family_of(started, finished)
expect_sorted_sets({ RUNNING, LAPSED, index .. 'due:' .. kind, index .. 'wait:' .. kind })
expect_line(family, kind, facts.subject)
leave_running(member)
redis.call('SADD', TYPES, kind)
redis.call('ZADD', index .. 'due:' .. kind, since or recorded, member)
-- Only a real wait looks at the clock: what is due at once stays so when the clock steps back.
if ARGV[3] == '0' then push(family, kind, facts.subject, member, at)
else redis.call('ZADD', index .. 'wait:' .. kind, at, member) end
redis.call('HSET', hash, 'state', 'due', 'at', at, 'lastError', ARGV[4], 'started', started, 'finished', finished)
redis.call('HDEL', hash, 'token', 'counted')
remember(hash, ARGV[5])
if ARGV[3] == '0' then hint(facts.subject) end
return 1
`,
);

/** running → due after `delayMs`; uncounted, the starts this taking counted are taken back. */
export async function retry(
  run: Run,
  { key, token }: Claim,
  { delayMs, error, succeeded, counted = true }: RetryOptions,
): Promise<ClaimOutcome> {
  const delay = writeDelay('delayMs', delayMs);
  const args = [key, token, delay, error, writeNames(succeeded), counted ? '1' : '0'];
  return outcomeOf(await run(RETRY, args));
}
