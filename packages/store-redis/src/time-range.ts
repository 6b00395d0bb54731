/**
 * Lists are in the order of recording, and so are times, but for the server's clock stepping back: what was recorded then
 * bears a time that others before it had. Such steps are noted, so that a range of times is found by halving, whatever
 * there is. Less than a tenth of a second needs no note: a range is looked at from that much before it to that much after.
 */
const STEPS = `
local SLACK, MOST_STEPS = 100, 32
local STEPS = index .. 'steps'
`;

/** For the script that records: `note_step` answers with the latest time since the last step. */
export const NOTE_STEP = `
${STEPS}
local function note_step(sequence, at, latest)
  if at >= latest - SLACK then return math.max(at, latest) end
  redis.pcall('ZADD', STEPS, sequence, string.format('%.0f', sequence))
  redis.pcall('ZREMRANGEBYRANK', STEPS, 0, -1 - MOST_STEPS)
  return at
end
`;

/** `range_of(from, to)`: the first and the last sequence number between which all of this time are; nil where none is. */
export const TIME_RANGE = `
${STEPS}
local MOST_EVICTED = 10

-- When the delivery at this place was recorded: where its body was evicted, the next one that is there.
local function recorded_at(rank)
  for _, member in ipairs(redis.call('ZRANGE', ALL, rank, rank + MOST_EVICTED)) do
    local at = tonumber(redis.call('HGET', hash_of(key_of(member)), 'recordedAt') or nil)
    if at then return at end
  end
end

-- The first place from low on, and before high, of one recorded at this time or later. 'otherwise' decides about those of
-- which it is not known.
local function first_since(low, high, at, otherwise)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local found, is_after = recorded_at(middle), otherwise
    if found then is_after = found >= at end
    if is_after then high = middle else low = middle + 1 end
  end
  return low
end

local function sequence_at(rank)
  return sequence_of(redis.call('ZRANGE', ALL, rank, rank)[1])
end

local function range_of(from, to)
  local starts, first, last = { 0 }, nil, nil
  for _, step in ipairs(redis.call('ZRANGE', STEPS, 0, -1)) do
    starts[#starts + 1] = redis.call('ZCOUNT', ALL, '-inf', '(' .. step)
  end
  starts[#starts + 1] = redis.call('ZCARD', ALL)
  for i = 1, #starts - 1 do
    local low, high = starts[i], starts[i + 1]
    if from then low = first_since(low, high, from - SLACK, true) end
    if to then high = first_since(low, high, to + SLACK, false) end
    if low < high then
      first = math.min(first or low, low)
      last = math.max(last or high, high)
    end
  end
  if not first then return nil end
  return sequence_at(first), sequence_at(last - 1)
end
`;
