import { numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key.
const REPLAY = script(`
local hash = hash_of(ARGV[1])
local state, sequence, facts = unpack(redis.call('HMGET', hash, 'state', 'sequence', 'facts'))
if state ~= 'dead' then return 0 end
local at, member = clock(), member_of(sequence, ARGV[1])
redis.call('ZREM', base .. 'dead', member)
redis.call('ZADD', base .. 'due', at, member)
redis.call('HSET', hash, 'state', 'due', 'at', at, 'started', 0, 'finished', 0)
hint(facts_of(facts).subject)
return 1
`);

/** dead → due now, counters at zero; handlers that had succeeded stay remembered. */
export async function replay(run: Run, key: string): Promise<boolean> {
  return numberOf(await run(REPLAY, [key])) === 1;
}
