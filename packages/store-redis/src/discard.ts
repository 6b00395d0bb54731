import { numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

// ARGV: key.
const DISCARD = script(`
local hash = hash_of(ARGV[1])
local state, sequence = unpack(redis.call('HMGET', hash, 'state', 'sequence'))
if state ~= 'dead' then return 0 end
local member = member_of(sequence, ARGV[1])
redis.call('ZREM', base .. 'dead', member)
redis.call('ZREM', base .. 'all', member)
redis.call('DEL', hash)
return 1
`);

/** Forgets a dead letter for good. */
export async function discard(run: Run, key: string): Promise<boolean> {
  return numberOf(await run(DISCARD, [key])) === 1;
}
