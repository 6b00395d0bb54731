import { writeMs } from './delivery-fields.js';
import { numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

/** Deliveries one script deletes: more would keep everybody else waiting. */
const CHUNK = 500;

// ARGV: how long they must have been done (ms), how many.
const PRUNE = script(`
local members = redis.call('ZRANGEBYSCORE', base .. 'done', '-inf', clock() - ARGV[1], 'LIMIT', 0, ARGV[2])
for _, member in ipairs(members) do
  redis.call('DEL', hash_of(key_of(member)))
  redis.call('ZREM', base .. 'done', member)
  redis.call('ZREM', base .. 'all', member)
end
return #members
`);

/** Forgets up to `limit` deliveries done at least `doneForMs` ago, oldest first. */
export async function prune(
  run: Run,
  { doneForMs, limit }: { doneForMs: number; limit: number },
): Promise<number> {
  let pruned = 0;
  for (let full = true; full && pruned < limit;) {
    const chunk = Math.min(CHUNK, limit - pruned);
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    const deleted = numberOf(await run(PRUNE, [writeMs(doneForMs), String(chunk)]));
    pruned += deleted;
    full = deleted === chunk;
  }
  return pruned;
}
