import {
  readState,
  type NewDelivery,
  type QBitFlowError,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { arrayOf, textOf, writeDelivery } from './codec.js';
import { foreignKeys } from './errors.js';
import { DIGEST_BYTES, digestOf, TOMBSTONES } from './prune.js';
import { QUEUES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';

// ARGV: the digests of all keys, five values a delivery. Few arguments: each costs the client as much as a short text.
const RECORD = script(
  QUEUES,
  TOMBSTONES,
  `
local WIDTH = 5
local digests = table.remove(ARGV, 1)
local at, sequence = clock(), nil
local checked = {}
local answers = {}
expect_sorted_sets({ ALL, DONE, DEAD, UNHANDLED })
redis.call('SCARD', TYPES)

local function expect_type(kind)
  if checked[kind] then return end
  expect_sorted_sets({ index .. 'due:' .. kind, heads_of('fresh', kind) })
  redis.call('HLEN', firsts_of('fresh', kind))
  redis.call('SADD', TYPES, kind)
  checked[kind] = true
end

-- One number each for all that are left in this group.
local function next_sequence(i)
  local left = (#ARGV - i + 1) / WIDTH
  sequence = sequence and sequence + 1 or redis.call('HINCRBY', META, 'sequence', left) - left + 1
  return sequence
end

-- What a look could not know comes with the webhook: the first one is kept beside.
local function keep_beside(hash, start, look, facts, headers, raw)
  if string.sub(start, 1, 8) ~= 'webhook ' or redis.call('HEXISTS', hash, 'webhook') == 1 then return end
  local known = facts_of(look).source
  if known ~= 'return' and known ~= 'recovery' then return end
  redis.call('HSET', hash, 'webhook', facts, 'webhookHeaders', headers, 'webhookRaw', raw)
end

local function keep(i, key, start, facts, headers, raw)
  local state, kind, subject, reason = string.match(start, '^%a+ (%a+)\\n(.-)\\n(.-)\\n(.*)$')
  expect_type(kind)
  local hash, member = hash_of(key), member_of(next_sequence(i), key)
  if state == 'due' then push('fresh', kind, subject, member, at) end
  redis.call('ZADD', ALL, sequence, member)
  redis.call('HSET', hash, 'state', state, 'sequence', sequence, 'recordedAt', at,
    'facts', facts, 'headers', headers, 'raw', raw)
  if state == 'due' then
    redis.call('ZADD', index .. 'due:' .. kind, at, member)
    hint(subject)
    return
  end
  redis.call('HSET', hash, 'lastError', reason)
  if state == 'dead' then
    redis.call('ZADD', DEAD, sequence, member)
  else
    redis.call('HSET', hash, 'unhandled', 1)
    redis.call('ZADD', DONE, at, member)
    redis.call('ZADD', UNHANDLED, sequence, member)
  end
end

for i = 1, #ARGV, WIDTH do
  local hash = hash_of(ARGV[i])
  -- A key of another program under the name of one delivery must not hold up the others.
  local known = redis.pcall('HMGET', hash, 'state', 'facts')
  if known.err then
    answers[#answers + 1] = 'foreign'
  elseif known[1] then
    keep_beside(hash, ARGV[i + 1], known[2], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4])
    answers[#answers + 1] = known[1]
  elseif is_gone(string.sub(digests, #answers * ${DIGEST_BYTES} + 1, (#answers + 1) * ${DIGEST_BYTES})) then
    answers[#answers + 1] = 'done'
  else
    keep(i, unpack(ARGV, i, i + WIDTH - 1))
    answers[#answers + 1] = 'recorded'
  end
end
return answers
`,
);

/**
 * Keeps deliveries whose keys are not known yet, all in one step, and answers for each in order: with an error where
 * something else is kept under its name.
 */
export async function record(
  run: Run,
  deliveries: readonly NewDelivery[],
): Promise<readonly (RecordOutcome | QBitFlowError)[]> {
  const digests = Buffer.concat(deliveries.map(({ key }) => digestOf(key)));
  const reply = await run(RECORD, [digests, ...deliveries.flatMap(writeDelivery)]);
  return arrayOf(reply).map((answer) => {
    const text = textOf(answer);
    if (text === 'foreign') return foreignKeys();
    return text === 'recorded'
      ? { status: 'recorded' }
      : { status: 'duplicate', state: readState(text) };
  });
}
