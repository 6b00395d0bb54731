import { LINES } from './script/lines.js';
import { PLACE } from './script/place.js';
import { arrayOf, numberOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { TOMBSTONES } from './script/tombstones.js';

// Cheap whatever there is: counts, the oldest of what should be taken by now, and that no tombstones are gone.
const CHECK = script(
  LINES,
  PLACE,
  TOMBSTONES,
  `
local OLDEST = 100
local at, count = clock(), 0

local function check_tombstones()
  local known, bytes, buckets = redis.call('HGET', META, 'tombstones'), 0, 0
  for bucket = 0, BUCKETS - 1 do
    local length = redis.call('STRLEN', bucket_key(bucket))
    bytes = bytes + length
    if length > 0 then buckets = buckets + 1 end
  end
  local count = (bytes - buckets * TIME_BYTES) / TOMB_BYTES
  -- Evicted. Whose keys they were nobody knows: from now on nothing older is known for sure.
  if tonumber(known) == count then return end
  redis.call('HDEL', META, 'tombstones')
  redis.call('HSET', META, 'tombstones', count)
  if known and count < tonumber(known) then forgot_until(at) end
end

local function place_oldest(set)
  for _, member in ipairs(redis.call('ZRANGE', set, 0, OLDEST - 1)) do place(member, set) end
end

check_tombstones()
for _, set in ipairs({ RUNNING, LAPSED, DONE, DEAD }) do count = count + redis.call('ZCARD', set) end
place_oldest(LAPSED)
for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do
  count = count + redis.call('ZCARD', index .. 'due:' .. kind)
  place_oldest(index .. 'due:' .. kind)
end
return { count - redis.call('ZCARD', ALL) }
`,
);

// ARGV: 'all' or 'sets', from where, how many. Answers with how many it looked at.
const SWEEP = script(
  LINES,
  PLACE,
  `
local from, most, looked = tonumber(ARGV[2]), tonumber(ARGV[3]), 0
local sets = { ALL }
if ARGV[1] == 'sets' then
  sets = { RUNNING, LAPSED, DONE, DEAD }
  for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do sets[#sets + 1] = index .. 'due:' .. kind end
end
for _, set in ipairs(sets) do
  local members = redis.call('ZRANGE', set, from, from + most - 1)
  for _, member in ipairs(members) do place(member, set) end
  looked = math.max(looked, #members)
end
return looked
`,
);

const CHUNK = 200;

/**
 * Puts deliveries that are in none of the sets their state asks for back into them: those whose sets a server that
 * evicts keys has dropped. Where all is in order it takes the server a few
 * milliseconds.
 */
export async function mend(run: Run): Promise<void> {
  const [surplus] = arrayOf(await run(CHECK, []));
  const difference = numberOf(surplus);
  if (difference < 0) await sweep(run, 'all');
  if (difference > 0) await sweep(run, 'sets');
}

async function sweep(run: Run, what: 'all' | 'sets'): Promise<void> {
  let looked = CHUNK;
  for (let from = 0; looked === CHUNK; from += CHUNK) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    looked = numberOf(await run(SWEEP, [what, String(from), String(CHUNK)]));
  }
}
