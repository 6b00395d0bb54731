import { randomUUID } from 'node:crypto';
import {
  readState,
  type NewDelivery,
  type QBitFlowError,
  type RecordOptions,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { numberOf, textOf, writeDelay, writeDelivery, type Arrival } from './codec.js';
import { foreignKeys } from './errors.js';
import { DIGEST_BYTES, digestOf, TOMBSTONES } from './prune.js';
import { QUEUES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';

// ARGV: what the tokens start with, the digests of all keys, five values a delivery. Few arguments, and one text as
// answer: each value costs the client as much as a short text.
const RECORD = script(
  QUEUES,
  TOMBSTONES,
  `
local WIDTH = 5
local token, digests = table.remove(ARGV, 1), table.remove(ARGV, 1)
local at, sequence = clock(), nil
local checked = {}
local answers = {}
expect_sorted_sets({ ALL, DONE, DEAD, UNHANDLED, RUNNING })
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

local function queue(hash, kind, subject, member)
  push('fresh', kind, subject, member, at)
  redis.call('ZADD', index .. 'due:' .. kind, at, member)
  hint(subject)
end

-- As a first take does.
local function take(hash, member, lease)
  redis.call('ZADD', RUNNING, at + lease, member)
  redis.call('HSET', hash, 'token', token .. ':' .. (#answers + 1), 'at', at, 'started', 1, 'counted', 1)
end

local function park(hash, state, member, reason)
  redis.call('HSET', hash, 'lastError', reason)
  if state == 'dead' then return redis.call('ZADD', DEAD, sequence, member) end
  redis.call('HSET', hash, 'unhandled', 1)
  redis.call('ZADD', DONE, at, member)
  redis.call('ZADD', UNHANDLED, sequence, member)
end

local function keep(i, key, start, facts, headers, raw)
  local state, lease, kind, subject, reason = string.match(start, '^%a+ (%a+) (%d*)\\n(.-)\\n(.-)\\n(.*)$')
  expect_type(kind)
  local hash, member = hash_of(key), member_of(next_sequence(i), key)
  if state == 'due' and lease ~= '' then state = 'running' end
  redis.call('ZADD', ALL, sequence, member)
  redis.call('HSET', hash, 'state', state, 'sequence', sequence, 'recordedAt', at,
    'facts', facts, 'headers', headers, 'raw', raw)
  if state == 'due' then queue(hash, kind, subject, member)
  elseif state == 'running' then take(hash, member, lease)
  else park(hash, state, member, reason)
  end
  return state == 'running' and 'taken' or 'recorded'
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
    answers[#answers + 1] = keep(i, unpack(ARGV, i, i + WIDTH - 1))
  end
end
return at .. ' ' .. table.concat(answers, ' ')
`,
);

/** What is recorded. Throws `misconfigured` for a lease that is none. */
export const arrivalWith = (delivery: NewDelivery, { leaseMs }: RecordOptions = {}): Arrival => ({
  delivery,
  lease: leaseMs === undefined ? '' : writeDelay('leaseMs', leaseMs),
});

/**
 * Keeps deliveries whose keys are not known yet, all in one step, takes those that come with a lease, and answers for
 * each in order: with an error where something else is kept under its name.
 */
export async function record(
  run: Run,
  arrivals: readonly Arrival[],
): Promise<readonly (RecordOutcome | QBitFlowError)[]> {
  const token = randomUUID();
  const digests = Buffer.concat(arrivals.map(({ delivery }) => digestOf(delivery.key)));
  const reply = await run(RECORD, [token, digests, ...arrivals.flatMap(writeDelivery)]);
  const [at, ...answers] = textOf(reply).split(' ');
  const dueSince = numberOf(at);
  return answers.map((answer, index) => {
    if (answer === 'recorded') return { status: 'recorded' };
    if (answer === 'taken')
      return { status: 'recorded', taken: { token: `${token}:${index + 1}`, dueSince } };
    if (answer === 'foreign') return foreignKeys();
    return { status: 'duplicate', state: readState(answer) };
  });
}
