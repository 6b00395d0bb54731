import { BEHIND } from './indexes.js';

/**
 * How a list finds deliveries, newest first and below a sequence number (`below`): each walk calls `look` until the page is
 * full or enough was looked at, and answers whether it came to the end. What an index names is read before it is shown.
 */
export const WALKS = `
${BEHIND}
local MOST_CHUNKS, CHUNKS_AT_ONCE, FEW = 1000, 50, 500

local function text_of(sequence)
  return string.format('%.0f', sequence)
end

local function walk_members(members)
  for _, member in ipairs(members) do
    if is_full() then return false end
    look(member)
  end
  return true
end

local function walk_set(set)
  local members = redis.call('ZREVRANGEBYSCORE', set, '(' .. text_of(below), '-inf', 'LIMIT', 0, scan)
  return walk_members(members) and #members < scan
end

-- Those of a state with few deliveries, sorted; nil for a state with many.
local function few_of(sets)
  local count, members = 0, {}
  for _, set in ipairs(sets) do count = count + redis.call('ZCARD', set) end
  if count > FEW then return nil end
  for _, set in ipairs(sets) do
    for _, member in ipairs(redis.call('ZRANGE', set, 0, -1)) do
      if sequence_of(member) < below then members[#members + 1] = member end
    end
  end
  table.sort(members, function(one, other) return sequence_of(one) > sequence_of(other) end)
  return members
end

local function look_at(sequence)
  local member = redis.call('ZRANGEBYSCORE', ALL, sequence, sequence, 'LIMIT', 0, 1)[1]
  if member then return look(member) end
  looked, last = looked + 1, sequence
end

local function walk_sequences(sequences)
  table.sort(sequences, function(one, other) return one > other end)
  for _, sequence in ipairs(sequences) do
    if is_full() then return false end
    look_at(sequence)
  end
  return true
end

local function walk_subject(subject)
  local newest, oldest = redis.call('ZREVRANGE', ALL, 0, 0)[1], redis.call('ZRANGE', ALL, 0, 0)[1]
  if not newest then return true end
  for era = math.floor(math.min(below - 1, sequence_of(newest)) / ERA), math.floor(sequence_of(oldest) / ERA), -1 do
    local key, tag = subject_keys(subject, era)
    local sequences = {}
    for sequence in string.gmatch(redis.call('GET', key) or '', tag .. '(%d+);') do
      if tonumber(sequence) < below then sequences[#sequences + 1] = tonumber(sequence) end
    end
    if not walk_sequences(sequences) then return false end
  end
  return true
end

-- What a byte of a bitmap has that one other has too, or that one other has not.
local function bits_of(byte, wanted_bits, unwanted_bits)
  if wanted_bits then return bit.band(byte, wanted_bits) end
  return bit.band(byte, bit.bnot(unwanted_bits or 0))
end

-- The sequence numbers in a chunk, newest first.
local function sequences_in(chunk, name, wanted_name, unwanted_name)
  local bits = redis.call('GET', bits_key(name, chunk)) or ''
  local wanted_bits = wanted_name and (redis.call('GET', bits_key(wanted_name, chunk)) or '')
  local unwanted_bits = unwanted_name and (redis.call('GET', bits_key(unwanted_name, chunk)) or '')
  local sequences = {}
  for i = #bits, 1, -1 do
    local byte = bits_of(string.byte(bits, i), wanted_bits and (string.byte(wanted_bits, i) or 0),
      unwanted_bits and (string.byte(unwanted_bits, i) or 0))
    for place = byte > 0 and 7 or -1, 0, -1 do
      local sequence = chunk * CHUNK + (i - 1) * 8 + place
      if bit.band(byte, 2 ^ (7 - place)) > 0 and sequence < below then sequences[#sequences + 1] = sequence end
    end
  end
  return sequences
end

local function walk_bits(name, wanted_name, unwanted_name)
  local from = chunk_of(below - 1)
  for _ = 1, MOST_CHUNKS, CHUNKS_AT_ONCE do
    local chunks = redis.call('ZREVRANGEBYSCORE', chunks_key(name), from, '-inf', 'LIMIT', 0, CHUNKS_AT_ONCE)
    for _, chunk in ipairs(chunks) do
      for _, sequence in ipairs(sequences_in(tonumber(chunk), name, wanted_name, unwanted_name)) do
        if is_full() then return false end
        look_at(sequence)
      end
      last, from = chunk * CHUNK, chunk - 1
    end
    if #chunks < CHUNKS_AT_ONCE then return true end
  end
  return false
end

-- Passes over chunks in which all are due.
local function walk_not_due()
  local from = text_of(below)
  for _ = 1, MOST_CHUNKS do
    local newest = redis.call('ZREVRANGEBYSCORE', ALL, '(' .. from, '-inf', 'LIMIT', 0, 1)[1]
    if not newest then return true end
    local chunk = chunk_of(sequence_of(newest))
    local start = chunk * CHUNK
    local due = redis.call('GET', bits_key('due', chunk)) or ''
    if redis.call('BITCOUNT', bits_key('due', chunk)) < redis.call('ZCOUNT', ALL, start, start + CHUNK - 1) then
      for _, member in ipairs(redis.call('ZREVRANGEBYSCORE', ALL, '(' .. from, start)) do
        local place = sequence_of(member) - start
        local byte = string.byte(due, math.floor(place / 8) + 1) or 0
        if bit.band(byte, 2 ^ (7 - place % 8)) == 0 then
          if is_full() then return false end
          look(member)
        end
      end
    end
    last, from = start, text_of(start)
  end
  return false
end

-- How many a bitmap has; where that is more than enough, no matter how many.
local function bits_in(name, enough)
  local count, from = 0, 0
  repeat
    local chunks = redis.call('ZRANGE', chunks_key(name), from, from + CHUNKS_AT_ONCE - 1)
    for _, chunk in ipairs(chunks) do count = count + redis.call('BITCOUNT', bits_key(name, chunk)) end
    from = from + CHUNKS_AT_ONCE
  until #chunks < CHUNKS_AT_ONCE or enough and count > enough
  return count
end

local function due_sets()
  local sets = {}
  for _, name in ipairs(redis.call('SMEMBERS', TYPES)) do
    if kind == '' or kind == name then sets[#sets + 1] = index .. 'due:' .. name end
  end
  return sets
end

-- Whether the bitmap of what is due may be trusted: a process of the release before takes and puts off without it.
local function is_due_known()
  local count = 0
  for _, name in ipairs(redis.call('SMEMBERS', TYPES)) do count = count + redis.call('ZCARD', index .. 'due:' .. name) end
  return bits_in('due') == count
end

-- By what there is less of: a set by sequence number, or the wanted type.
local function walk_rarer(set)
  local count = redis.call('ZCARD', set)
  if kind ~= '' and count > FEW and bits_in('type:' .. kind, count) < count then return walk_bits('type:' .. kind) end
  return walk_set(set)
end

local function walk_due_or_done()
  local is_known = is_due_known()
  if state == 'due' and is_known then
    if kind == '' then return walk_bits('due') end
    return walk_bits('type:' .. kind, 'due')
  end
  if kind ~= '' then return walk_bits('type:' .. kind, nil, state == 'done' and is_known and 'due') end
  if state == 'done' and is_known then return walk_not_due() end
  return walk_set(ALL)
end

local function walk()
  if subject ~= '' then return walk_subject(subject) end
  if reference then return walk_subject(subject_of_reference(reference)) end
  if unhandled then return walk_rarer(UNHANDLED) end
  if state == 'dead' then return walk_rarer(DEAD) end
  local sets = { due = due_sets(), running = { RUNNING, LAPSED }, done = { DONE } }
  local few = sets[state] and few_of(sets[state])
  if few then return walk_members(few) end
  if error_text then return walk_bits('error', kind ~= '' and 'type:' .. kind) end
  if state == 'due' or state == 'done' then return walk_due_or_done() end
  if kind ~= '' then return walk_bits('type:' .. kind) end
  return walk_set(ALL)
end
`;
