/**
 * What lists are found by: bitmaps of sequence numbers, 512 each (one a type, one of what is due, and one of what has ever
 * failed), and the sequence numbers of each subject and reference in strings that hundreds of them share. About 20 bytes a delivery, where a sorted set of
 * each type and subject takes 300. They are hints: a list reads each delivery before it shows it, so that what is left
 * of one that is gone does no harm, and a foreign value under their names costs a list, never a delivery.
 */
export const INDEXES = `
local CHUNK, ERA, SHARED_BY = 512, 131072, 1024
local KINDS = index .. 'kinds'

local function chunk_of(sequence)
  return math.floor(sequence / CHUNK)
end

local function bits_key(name, chunk)
  return index .. 'bits:' .. name .. '\\n' .. string.format('%.0f', chunk)
end

local function chunks_key(name)
  return index .. 'chunks:' .. name
end

local shown = {}
local function set_bit(name, sequence)
  local chunk = chunk_of(sequence)
  local key = bits_key(name, chunk)
  redis.pcall('SETBIT', key, sequence % CHUNK, 1)
  if shown[key] then return end
  shown[key] = true
  redis.pcall('ZADD', chunks_key(name), chunk, string.format('%.0f', chunk))
end

local function drop_bits(name, chunk)
  redis.call('DEL', bits_key(name, chunk))
  redis.pcall('ZREM', chunks_key(name), string.format('%.0f', chunk))
end

local function clear_bit(name, sequence)
  local chunk = chunk_of(sequence)
  local key = bits_key(name, chunk)
  if redis.pcall('GETBIT', key, sequence % CHUNK) ~= 1 then return end
  redis.call('SETBIT', key, sequence % CHUNK, 0)
  if redis.call('BITCOUNT', key) == 0 then
    shown[key] = nil
    drop_bits(name, chunk)
  end
end

-- References are found as subjects are; no subject has a line break.
local function subject_of_reference(reference)
  return '\\n' .. reference
end

-- Where a subject's sequence numbers of an era are, and how an entry of it begins.
local function subject_keys(subject, era)
  local digest = redis.sha1hex(subject)
  local shared = tonumber(string.sub(digest, 1, 4), 16) % SHARED_BY
  return string.format('%ssubjects:%.0f:%d', index, era, shared), string.sub(digest, 5, 8) .. ':'
end

local function subject_entry(subject, sequence)
  local key, tag = subject_keys(subject, math.floor(sequence / ERA))
  return key, string.format('%s%.0f;', tag, sequence)
end

local function index_new(kind, subject, reference, sequence)
  set_bit('type:' .. kind, sequence)
  redis.pcall('APPEND', subject_entry(subject, sequence))
  if reference then redis.pcall('APPEND', subject_entry(subject_of_reference(reference), sequence)) end
end

local function unindex_subject(subject, sequence)
  local key, entry = subject_entry(subject, sequence)
  local entries = redis.pcall('GET', key)
  if type(entries) ~= 'string' then return end
  local from, to = string.find(entries, entry, 1, true)
  if not from then return end
  if #entries == #entry then return redis.call('DEL', key) end
  redis.call('SET', key, string.sub(entries, 1, from - 1) .. string.sub(entries, to + 1))
end

local function unindex(facts, sequence)
  clear_bit('type:' .. facts.type, sequence)
  clear_bit('error', sequence)
  unindex_subject(facts.subject, sequence)
  if facts.reference then unindex_subject(subject_of_reference(facts.reference), sequence) end
end

-- Notes what a process has recorded that knows no indexes (META: from where to where), and up to where all is known.
local function note_gap(last, indexed)
  if last == indexed then return end
  redis.call('HSETNX', META, 'unindexedFrom', indexed + 1)
  redis.call('HSET', META, 'unindexedTo', last, 'indexed', last)
end
`;

/** Finds out whether anything was recorded, or has failed, that no index knows. */
export const BEHIND = `
local function is_behind()
  local last, indexed, from = unpack(redis.call('HMGET', META, 'sequence', 'indexed', 'unindexedFrom'))
  return from or (tonumber(last) or 0) ~= (tonumber(indexed) or 0)
end

-- Whether something may have failed before there was a bitmap of it.
local function are_errors_behind()
  return redis.call('HGET', META, 'errorsIndexed') ~= 'all'
end
`;
