import { QBitFlowError } from '@qbitflow/core';
import { LINES } from './script/lines.js';
import { DRAIN, PLACE } from './script/place.js';
import { VERSION } from './script/prelude.js';
import { numberOf, textOf } from './script/reply.js';
import type { Evaluate, Run } from './script/run.js';
import { script, unversioned } from './script/script.js';

/**
 * Gives the data its version and birth, once. Data of version 1 is taken over as it is: its sets become this version's,
 * and `sequence`, which version 1 counts up first of all in recording, becomes something that cannot be counted: a
 * process with version 1 that still runs beside this one records nothing any more (it knows no tombstones), it answers
 * 503 and the sender comes again; what it holds it may finish.
 */
const MIGRATE = unversioned(`
local version = redis.call('HGET', META, 'version')
if version then return version end
expect_sorted_sets({ base .. 'due', base .. 'running', base .. 'done', base .. 'dead', ALL, DONE, DEAD })
local old, last = base .. 'sequence', redis.call('ZREVRANGE', ALL, 0, 0, 'WITHSCORES')
local sequence = tonumber(last[2] or 0)
if redis.call('TYPE', old).ok == 'string' then sequence = math.max(sequence, tonumber(redis.call('GET', old)) or 0) end
redis.call('DEL', old)
redis.call('HSET', old, 'moved to', '2:meta')
for name, moved in pairs({ done = DONE, dead = DEAD }) do
  if redis.call('EXISTS', base .. name) == 1 and redis.call('EXISTS', moved) == 0 then redis.call('RENAME', base .. name, moved) end
end
redis.call('HSET', META, 'version', '${VERSION}', 'birth', clock(), 'sequence', sequence)
return '${VERSION}'
`);

// ARGV: how many of each set.
const TAKE_OVER = script(LINES, PLACE, DRAIN, `return drain_if_there(tonumber(ARGV[1]))`);
const CHUNK = 250;

/** Makes the data this version's, or rejects with `misconfigured` where a newer version has made it its own. */
export async function prepare(evaluate: Evaluate): Promise<void> {
  const version = textOf(await evaluate(MIGRATE, []));
  if (version !== VERSION)
    throw new QBitFlowError(
      'misconfigured',
      `the Redis store’s data is of version ${version}, and this @qbitflow/store-redis understands version ${VERSION}: a newer one runs on the same prefix; upgrade this process too`,
      { facts: { version } },
    );
}

/** Takes over what version 1 has left, in short scripts; several processes may do so at once. */
export async function takeOver(run: Run): Promise<void> {
  let left: number;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    left = numberOf(await run(TAKE_OVER, [String(CHUNK)]));
  } while (left > 0);
}
