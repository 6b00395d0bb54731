import { arrayOf, numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';

const KNOWN_SINCE = script(`
local at = clock()
local birth, forgotten = unpack(redis.call('HMGET', META, 'birth', 'forgotten'))
return { math.min(at, math.max(tonumber(birth or at), tonumber(forgotten or 0))) }
`);

/** Since when every key is known (ms by the server's clock). */
export async function knownSince(run: Run): Promise<number> {
  const [since] = arrayOf(await run(KNOWN_SINCE, []));
  return numberOf(since);
}
