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

local is_kind = {}
local function ensure_kind(kind)
  if is_kind[kind] then return end
  is_kind[kind] = true
  redis.call('SADD', KINDS, kind)
end

local function index_again(member)
  local state, json, message = unpack(redis.call('HMGET', hash_of(key_of(member)), 'state', 'facts', 'lastError'))
  if not state then return end
  local facts, sequence = facts_of(json), sequence_of(member)
  ensure_kind(facts.type)
  set_bit('type:' .. facts.type, sequence)
  if state == 'due' then set_bit('due', sequence) end
  if message then set_bit('error', sequence) end
  ensure_subject(facts.subject, sequence)
  if facts.reference then ensure_subject(subject_of_reference(facts.reference), sequence) end
end

local function index_chunk(chunk)
  for _, kind in ipairs(kinds) do drop_bits('type:' .. kind, chunk) end
  drop_bits('due', chunk)
  drop_bits('error', chunk)
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

// ARGV: how many at most. Answers with 1 while there is more.
const CATCH_UP_ERRORS = script(
  INDEXES,
  `
local from = redis.call('HGET', META, 'errorsIndexed') or '0'
if from == 'all' then return 0 end
-- A full server lets a script write whose first write removes.
redis.call('HDEL', META, '')
local members = redis.call('ZRANGEBYSCORE', ALL, '(' .. from, '+inf', 'LIMIT', 0, ARGV[1])
for _, member in ipairs(members) do
  if redis.call('HEXISTS', hash_of(key_of(member)), 'lastError') == 1 then set_bit('error', sequence_of(member)) end
end
local is_more = #members == tonumber(ARGV[1])
redis.call('HSET', META, 'errorsIndexed', is_more and string.format('%.0f', sequence_of(members[#members])) or 'all')
return is_more and 1 or 0
`,
);
const ERRORS_AT_ONCE = '1000';

/** Finds, once, what failed under a release that kept no index of it, in short scripts. */
export async function catchUpErrors(run: Run): Promise<void> {
  let more: number;
  do {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    more = numberOf(await run(CATCH_UP_ERRORS, [ERRORS_AT_ONCE]));
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

local function is_subject_there(subject, era)
  return redis.call('EXISTS', (subject_keys(subject, era))) == 1
end

local function is_error_shown(chunk, sequence)
  return redis.call('ZSCORE', chunks_key('error'), chunk) and redis.call('GETBIT', bits_key('error', chunk), sequence % CHUNK) == 1
end

-- Whether subjects, and whether errors, of this one are where lists look for them.
local function check(chunk, place)
  local start = chunk * CHUNK
  local member = redis.call('ZRANGEBYSCORE', ALL, start, start + CHUNK - 1, 'LIMIT', place, 1)[1]
  local json, message = unpack(redis.call('HMGET', hash_of(key_of(member)), 'facts', 'lastError'))
  if not json then return true, true end
  local facts, era = facts_of(json), math.floor(start / ERA)
  local are_there = is_subject_there(facts.subject, era)
    and (not facts.reference or is_subject_there(subject_of_reference(facts.reference), era))
  return are_there, not message or is_error_shown(chunk, sequence_of(member))
end

-- A few of a chunk's, others each time: a string of subjects that is gone has hundreds.
local function check_some(chunk, deliveries)
  local step = math.ceil(deliveries / 8)
  for place = at % step, deliveries - 1, step do
    local are_subjects_there, are_errors_there = check(chunk, place)
    if not are_subjects_there or not are_errors_there then return are_subjects_there, are_errors_there end
  end
  return true, true
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
  calls = calls + #kinds * 3 + 50
  if bits_of_types(chunk) ~= deliveries then
    index_chunk(chunk)
    return true
  end
  if deliveries == 0 then return false end
  local are_subjects_there, are_errors_there = check_some(chunk, deliveries)
  if not are_subjects_there then doubt_era(chunk) end
  if not are_errors_there then index_chunk(chunk) end
  return not are_errors_there
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
  await catchUpErrors(run);
  if (!isDueWrong) return;
  await sweepDue();
  for (let chunk = 0; chunk >= 0;) {
    // oxlint-disable-next-line no-await-in-loop -- one short script at a time is the point
    chunk = numberOf(await run(REINDEX_DUE, [String(chunk)]));
  }
}
