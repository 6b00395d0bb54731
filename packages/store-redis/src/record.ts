import { randomUUID } from 'node:crypto';
import { readState, type QBitFlowError, type RecordOutcome } from '@qbitflow/core/store';
import { numberOf, textOf, type Arrival } from './codec.js';
import { foreignKeys } from './errors.js';
import { DIGEST_BYTES, digestOf, TOMBSTONES } from './prune.js';
import { NOTE_STEP } from './time-range.js';
import { QUEUES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';

// ARGV: what the tokens start with, the digests of all keys, the texts of all (a line each: key, type, subject, facts,
// headers, and a line of source, state, lease, how many bytes body, reason and reference have, and the holder), the
// bytes of all. Few arguments and one text as answer, however many come together: each value costs the client as much as
// a short text.
const RECORD = script(
  QUEUES,
  TOMBSTONES,
  NOTE_STEP,
  `
local token, digests, texts, bytes = unpack(ARGV)
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
  redis.call('SADD', KINDS, kind)
  checked[kind] = true
end

-- One number each for all that are left in this group.
local function next_sequence()
  local left = #digests / ${DIGEST_BYTES} - #answers
  if sequence then
    sequence = sequence + 1
    return sequence
  end
  local last, indexed, latest = unpack(redis.call('HMGET', META, 'sequence', 'indexed', 'latest'))
  last = tonumber(last) or 0
  note_gap(last, tonumber(indexed) or 0)
  latest = note_step(last + 1, at, tonumber(latest) or 0)
  redis.call('HSET', META, 'sequence', last + left, 'indexed', last + left, 'latest', latest)
  sequence = last + 1
  return sequence
end

-- What a look could not know comes with the webhook: the first one is kept beside.
local function keep_beside(hash, look, source, facts, headers, raw)
  if source ~= 'webhook' or redis.call('HEXISTS', hash, 'webhook') == 1 then return end
  local known = facts_of(look).source
  if known ~= 'return' and known ~= 'recovery' then return end
  redis.call('HSET', hash, 'webhook', facts, 'webhookHeaders', headers, 'webhookRaw', raw)
end

-- As a first take does.
local function take(hash, member, lease, holder)
  local claim = holder .. token .. ':' .. (#answers + 1)
  redis.call('ZADD', RUNNING, at + lease, member)
  redis.call('HSET', hash, 'token', claim, 'at', at, 'started', 1, 'counted', 1)
end

local function queue(member, kind, subject)
  push('fresh', kind, subject, member, at)
  enter_due(kind, at, member)
  hint(subject)
end

local function park(hash, state, member, reason)
  redis.call('HSET', hash, 'lastError', reason)
  set_bit('error', sequence)
  if state == 'dead' then return redis.call('ZADD', DEAD, sequence, member) end
  redis.call('HSET', hash, 'unhandled', 1)
  redis.call('ZADD', DONE, at, member)
  redis.call('ZADD', UNHANDLED, sequence, member)
end

local from = 1
local function next_bytes(count)
  from = from + count
  return string.sub(bytes, from - count, from - 1)
end

local function is_known_gone()
  return is_gone(string.sub(digests, #answers * ${DIGEST_BYTES} + 1, (#answers + 1) * ${DIGEST_BYTES}))
end

for key, kind, subject, facts, headers, source, state, lease, body_bytes, reason_bytes, reference_bytes, holder in
  string.gmatch(texts, '(.-)\\n(.-)\\n(.-)\\n(.-)\\n(.-)\\n(%a+) (%a+) (%d*) (%d+) (%d+) (%d*) (.-)\\n') do
  local hash, raw, reason = hash_of(key), next_bytes(body_bytes), next_bytes(reason_bytes)
  local reference = reference_bytes ~= '' and next_bytes(reference_bytes) or nil
  -- A key of another program under the name of one delivery must not hold up the others.
  local known = redis.pcall('HMGET', hash, 'state', 'facts')
  local answer = 'recorded'
  if known.err then
    answer = 'foreign'
  elseif known[1] then
    keep_beside(hash, known[2], source, facts, headers, raw)
    -- A server that is full or read-only must not keep a repeat from being answered.
    redis.pcall('HINCRBY', hash, 'duplicates', 1)
    answer = known[1]
  elseif is_known_gone() then
    answer = 'done'
  else
    expect_type(kind)
    if state == 'due' and lease ~= '' then state, answer = 'running', 'taken' end
    local sequence = next_sequence()
    local member = member_of(sequence, key)
    redis.call('ZADD', ALL, sequence, member)
    redis.call('HSET', hash, 'state', state, 'sequence', sequence, 'recordedAt', at,
      'facts', facts, 'headers', headers, 'raw', raw)
    index_new(kind, subject, reference, sequence)
    if state == 'running' then take(hash, member, lease, holder)
    elseif state == 'due' then queue(member, kind, subject)
    else park(hash, state, member, reason)
    end
  end
  answers[#answers + 1] = answer
end
return at .. ' ' .. table.concat(answers, ' ')
`,
);

/**
 * Keeps deliveries whose keys are not known yet, all in one step, takes those that come with a lease, and answers for
 * each in order: with an error where something else is kept under its name.
 */
export async function record(
  run: Run,
  arrivals: readonly Arrival[],
): Promise<readonly (RecordOutcome | QBitFlowError)[]> {
  const token = randomUUID();
  const digests = Buffer.concat(arrivals.map(({ key }) => digestOf(key)));
  const texts = arrivals.map((arrival) => arrival.texts).join('');
  const bytes = Buffer.concat(
    arrivals.flatMap(({ raw, reason, reference }) => [raw, reason, reference]),
  );
  const reply = await run(RECORD, [token, digests, texts, bytes]);
  const [at, ...answers] = textOf(reply).split(' ');
  const dueSince = numberOf(at);
  return answers.map((answer, index) => {
    if (answer === 'recorded') return { status: 'recorded' };
    if (answer === 'taken')
      return {
        status: 'recorded',
        taken: { token: `${arrivals[index]?.holder ?? ''}${token}:${index + 1}`, dueSince },
      };
    if (answer === 'foreign') return foreignKeys();
    return { status: 'duplicate', state: readState(answer) };
  });
}
