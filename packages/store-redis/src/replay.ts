import { numberOf } from './script/reply.js';
import { LINES } from './script/lines.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key.
const REPLAY = script(
  LINES,
  `
local hash = hash_of(ARGV[1])
local state, sequence, facts = unpack(redis.call('HMGET', hash, 'state', 'sequence', 'facts'))
if state ~= 'dead' and state ~= 'done' then return 0 end
facts = facts_of(facts)
local at, member, due = clock(), member_of(sequence, ARGV[1]), index .. 'due:' .. facts.type
expect_sorted_sets({ DEAD, DONE, UNHANDLED, due })
expect_line('fresh', facts.type, facts.subject)
redis.call('ZREM', DEAD, member)
redis.call('ZREM', DONE, member)
redis.call('ZREM', UNHANDLED, member)
if state == 'done' then redis.call('HDEL', hash, 'succeeded', 'unhandled') end
redis.call('SADD', TYPES, facts.type)
redis.call('ZADD', due, at, member)
push('fresh', facts.type, facts.subject, member, at)
redis.call('HSET', hash, 'state', 'due', 'at', at, 'dueSince', at, 'started', 0, 'finished', 0)
hint(facts.subject)
return 1
`,
);

/**
 * dead or done → due now, counters at zero. Handlers that had succeeded stay remembered for a dead letter and are
 * forgotten for a done delivery.
 */
export async function replay(run: Run, key: string): Promise<boolean> {
  return numberOf(await run(REPLAY, [key])) === 1;
}
