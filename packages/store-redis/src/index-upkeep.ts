import { numberOf } from './codec.js';
import { BEHIND, INDEXES } from './indexes.js';
import type { Run } from './run.js';
import { script } from './schema.js';

/** Makes the bitmaps of 512 sequence numbers anew, and the entries of subjects that are missing. */
const REINDEX = `
-- A full server lets a script write whose first write removes.
local function begin_by_removing()
  redis.call('HDEL', META, '')
end

local kinds = redis.call('SMEMBERS', KINDS)

local function ensure_subject(subject, sequence)
  local key, entry = subject_entry(subject, sequence)
  local entries = redis.pcall('GET', key)
  if not entries or type(entries) == 'string' and not string.find(entries, entry, 1, true) then
    redis.pcall('APPEND', key, entry)
  end
end

local function index_again(member)
  local state, json = unpack(redis.call('HMGET', hash_of(key_of(member)), 'state', 'facts'))
  if not state then return end
  local facts, sequence = facts_of(json), sequence_of(member)
  redis.call('SADD', KINDS, facts.type)
  set_bit('type:' .. facts.type, sequence)
  if state == 'due' then set_bit('due', sequence) end
  ensure_subject(facts.subject, sequence)
end

local function index_chunk(chunk)
  for _, kind in ipairs(kinds) do drop_bits('type:' .. kind, chunk) end
  drop_bits('due', chunk)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', ALL, chunk * CHUNK, chunk * CHUNK + CHUNK - 1)) do index_again(member) end
end

-- The next chunk from this one on with a delivery or a bitmap, nil where there is none.
local function next_chunk(from)
  local member = redis.call('ZRANGEBYSCORE', ALL, from * CHUNK, '+inf', 'LIMIT', 0, 1)[1]
  local best = member and chunk_of(sequence_of(member))
  for _, kind in ipairs(kinds) do
    local chunk = tonumber(redis.pcall('ZRANGEBYSCORE', chunks_key('type:' .. kind), from, '+inf', 'LIMIT', 0, 1)[1])
    if chunk then best = math.min(best or chunk, chunk) end
  end
  return best
end
`;

// Answers with 1 while there is more.
const CATCH_UP = script(
  INDEXES,
  BEHIND,
  REINDEX,
  `
if not is_behind() then return 0 end
begin_by_removing()
local last, indexed = unpack(redis.call('HMGET', META, 'sequence', 'indexed'))
note_gap(tonumber(last) or 0, tonumber(indexed) or 0)
local from, to = unpack(redis.call('HMGET', META, 'unindexedFrom', 'unindexedTo'))
local end_chunk = chunk_of(tonumber(to))
local chunk = next_chunk(chunk_of(tonumber(from)))
if chunk and chunk <= end_chunk then index_chunk(chunk) end
if not chunk or chunk >= end_chunk then
  redis.call('HDEL', META, 'unindexedFrom', 'unindexedTo')
  return 0
end
redis.call('HSET', META, 'unindexedFrom', (chunk + 1) * CHUNK)
return 1
`,
);

/** Indexes what a process of the release before has recorded, and what was found missing, in short scripts. */
export async function catchUp(run: Run): Promise<void> {
  let more: number;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    more = numberOf(await run(CATCH_UP, []));
  } while (more > 0);
}

// Answers with whether the bitmap of what is due holds another number than there is.
const VERIFY = script(
  INDEXES,
  REINDEX,
  `
local MOST_CALLS, count = 1000, 0
local from = tonumber(redis.call('HGET', META, 'verified') or 0)
local at, calls = clock(), 0

local function bits_of_types(chunk)
  local bits = 0
  for _, kind in ipairs(kinds) do
    local is_shown = redis.call('ZSCORE', chunks_key('type:' .. kind), chunk)
    if is_shown then bits = bits + redis.call('BITCOUNT', bits_key('type:' .. kind, chunk)) end
  end
  return bits
end

local function is_subject_there(chunk, place)
  local start = chunk * CHUNK
  local member = redis.call('ZRANGEBYSCORE', ALL, start, start + CHUNK - 1, 'LIMIT', place, 1)[1]
  local facts = redis.call('HGET', hash_of(key_of(member)), 'facts')
  return not facts or redis.call('EXISTS', (subject_keys(facts_of(facts).subject, math.floor(start / ERA)))) == 1
end

-- A few of a chunk's, others each time: a string of subjects that is gone has hundreds.
local function are_subjects_there(chunk, deliveries)
  local step = math.ceil(deliveries / 8)
  for place = at % step, deliveries - 1, step do
    if not is_subject_there(chunk, place) then return false end
  end
  return true
end

local function doubt_era(chunk)
  local start = math.floor(chunk * CHUNK / ERA) * ERA
  redis.call('HSETNX', META, 'unindexedTo', start + ERA - 1)
  local known_from, known_to = unpack(redis.call('HMGET', META, 'unindexedFrom', 'unindexedTo'))
  redis.call('HSET', META, 'unindexedFrom', math.min(tonumber(known_from) or start, start),
    'unindexedTo', math.max(tonumber(known_to), start + ERA - 1))
end

-- Answers with whether it had to be mended.
local function verify(chunk)
  local deliveries = redis.call('ZCOUNT', ALL, chunk * CHUNK, chunk * CHUNK + CHUNK - 1)
  calls = calls + #kinds * 3 + 26
  if bits_of_types(chunk) ~= deliveries then
    index_chunk(chunk)
    return true
  end
  if deliveries > 0 and not are_subjects_there(chunk, deliveries) then doubt_era(chunk) end
  return false
end

begin_by_removing()
local chunk = next_chunk(from)
while chunk do
  local was_mended = verify(chunk)
  from = chunk + 1
  if was_mended or calls > MOST_CALLS then break end
  chunk = next_chunk(from)
end
redis.call('HSET', META, 'verified', chunk and from or 0)

for _, name in ipairs(redis.call('ZRANGE', chunks_key('due'), 0, -1)) do
  count = count - redis.call('BITCOUNT', bits_key('due', name))
end
for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do count = count + redis.call('ZCARD', index .. 'due:' .. kind) end
return count == 0 and 0 or 1
`,
);

// ARGV: from which chunk on. Answers with where to go on, or -1.
const REINDEX_DUE = script(
  INDEXES,
  REINDEX,
  `
local chunk = tonumber(redis.call('ZRANGEBYSCORE', chunks_key('due'), ARGV[1], '+inf', 'LIMIT', 0, 1)[1])
if not chunk then return -1 end
begin_by_removing()
index_chunk(chunk)
return chunk + 1
`,
);

/**
 * Compares a bounded part of the indexes with what there is, another part each time, and mends it. `sweepDue` puts what
 * is due where it belongs; it is called where the bitmap of what is due holds another number than there is.
 */
export async function verifyIndexes(run: Run, sweepDue: () => Promise<void>): Promise<void> {
  const isDueWrong = numberOf(await run(VERIFY, [])) === 1;
  await catchUp(run);
  if (!isDueWrong) return;
  await sweepDue();
  for (let chunk = 0; chunk >= 0;) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    chunk = numberOf(await run(REINDEX_DUE, [String(chunk)]));
  }
}
