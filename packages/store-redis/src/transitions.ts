import type {
  BuryOptions,
  Claim,
  ClaimOutcome,
  Progress,
  RetryOptions,
  SettleOptions,
} from '@qbitflow/core/store';
import {
  checks,
  numberOf,
  outcomeOf,
  textOf,
  writeAge,
  writeDelay,
  writeProgress,
} from './codec.js';
import { INDEXES } from './indexes.js';
import { digestOf, TOMBSTONES } from './prune.js';
import { QUEUES, typeArguments, WANTED_TYPES } from './queues.js';
import { inChunks, type Run } from './run.js';
import { script } from './schema.js';

// ARGV: the texts of all, four lines each: key, token, names and attempt. One argument and one text as answer, however
// many come together: each value costs the client as much as a short text.
const COMPLETE = script(
  QUEUES,
  `
expect_sorted_sets({ RUNNING, LAPSED, DONE })
local at = clock()
local answers = {}
for key, token, names, attempt in string.gmatch(ARGV[1], '(.-)\\n(.-)\\n(.-)\\n(.-)\\n') do
  local claim = held(key, token)
  if claim then
    leave_running(claim.member)
    redis.call('ZADD', DONE, at, claim.member)
    release(claim, names, attempt, { 'state', 'done', 'at', at, 'finished', claim.started })
  end
  answers[#answers + 1] = claim and 1 or 0
end
return table.concat(answers, ' ')
`,
);

/** running → done for all that are still held, in one step; answers for each in order. */
export async function complete(
  run: Run,
  completions: readonly string[],
): Promise<readonly ClaimOutcome[]> {
  return textOf(await run(COMPLETE, [completions.join('')]))
    .split(' ')
    .map(outcomeOf);
}

/**
 * One taking that succeeded, as {@link complete} takes it. A key or token with a line break names no delivery, and would
 * shift what follows, of other deliveries too.
 */
export function writeCompletion({ key, token }: Claim, progress: Progress): string {
  const isNone = key.includes('\n') || token.includes('\n');
  const [names, attempt] = writeProgress(progress);
  return `${isNone ? '\n' : `${key}\n${token}`}\n${names}\n${attempt}\n`;
}

// ARGV: key, token, delay (ms), error, names, attempt, whether the attempt counts.
const RETRY = script(
  QUEUES,
  `
local claim, is_counted = held(ARGV[1], ARGV[2]), ARGV[7] == '1'
if not claim then return 0 end
local member, started, finished = claim.member, claim.started, claim.finished
local recorded, since, facts = unpack(redis.call('HMGET', claim.hash, 'recordedAt', 'dueSince', 'facts'))
facts = facts_of(facts)
local kind, at = facts.type, clock() + ARGV[3]
if is_counted then finished = started else started = started - claim.counted end
local family = family_of(started, finished)
expect_sorted_sets({ RUNNING, LAPSED, index .. 'due:' .. kind, index .. 'wait:' .. kind })
expect_line(family, kind, facts.subject)
leave_running(member)
redis.call('SADD', TYPES, kind)
enter_due(kind, since or recorded, member)
-- Only a real wait looks at the clock: what is due at once stays so when the clock steps back. What is handed back as
-- if it had not been taken is where it would have waited.
if ARGV[3] == '0' then push(family, kind, facts.subject, member, is_counted and at or since or recorded)
else redis.call('ZADD', index .. 'wait:' .. kind, at, member) end
set_bit('error', sequence_of(member))
release(claim, ARGV[5], ARGV[6],
  { 'state', 'due', 'at', at, 'lastError', ARGV[4], 'started', started, 'finished', finished })
if ARGV[3] == '0' then hint(facts.subject) end
return 1
`,
);

/** running → due after `delayMs`; uncounted, the starts this taking counted are taken back. */
export async function retry(
  run: Run,
  { key, token }: Claim,
  { delayMs, error, counted = true, ...progress }: RetryOptions,
): Promise<ClaimOutcome> {
  const delay = writeDelay('delayMs', delayMs);
  const args = [key, token, delay, error, ...writeProgress(progress), counted ? '1' : '0'];
  return outcomeOf(await run(RETRY, args));
}

// ARGV: key, token, error, names, attempt.
const BURY = script(
  QUEUES,
  `
expect_sorted_sets({ RUNNING, LAPSED, DEAD })
local claim = held(ARGV[1], ARGV[2])
if not claim then return 0 end
leave_running(claim.member)
redis.call('ZADD', DEAD, sequence_of(claim.member), claim.member)
set_bit('error', sequence_of(claim.member))
release(claim, ARGV[4], ARGV[5],
  { 'state', 'dead', 'at', clock(), 'finished', claim.started, 'lastError', ARGV[3] })
return 1
`,
);

/** running → dead. */
export async function bury(
  run: Run,
  { key, token }: Claim,
  { error, ...progress }: BuryOptions,
): Promise<ClaimOutcome> {
  return outcomeOf(await run(BURY, [key, token, error, ...writeProgress(progress)]));
}

// ARGV: key.
const REPLAY = script(
  QUEUES,
  `
local hash = hash_of(ARGV[1])
local state, sequence, facts = unpack(redis.call('HMGET', hash, 'state', 'sequence', 'facts'))
if state ~= 'dead' and state ~= 'done' then return 0 end
facts = facts_of(facts)
local at, member, due = clock(), member_of(sequence, ARGV[1]), index .. 'due:' .. facts.type
expect_sorted_sets({ DEAD, DONE, UNHANDLED, due })
expect_line('fresh', facts.type, facts.subject)
redis.call('ZREM', DEAD, member)
redis.call('ZREM', DONE, member)
redis.call('ZREM', UNHANDLED, member)
if state == 'done' then redis.call('HDEL', hash, 'succeeded', 'unhandled') end
redis.call('SADD', TYPES, facts.type)
enter_due(facts.type, at, member)
push('fresh', facts.type, facts.subject, member, at)
redis.call('HSET', hash, 'state', 'due', 'at', at, 'dueSince', at, 'started', 0, 'finished', 0)
hint(facts.subject)
return 1
`,
);

/**
 * dead or done → due now, counters at zero. Handlers that had succeeded stay remembered for a dead letter and are
 * forgotten for a done delivery.
 */
export async function replay(run: Run, key: string): Promise<boolean> {
  return numberOf(await run(REPLAY, [key])) === 1;
}

// ARGV: key, its digest.
const DISCARD = script(
  INDEXES,
  TOMBSTONES,
  `
expect_sorted_sets({ DEAD, ALL })
local hash = hash_of(ARGV[1])
local state, sequence, facts = unpack(redis.call('HMGET', hash, 'state', 'sequence', 'facts'))
local was_gone = is_gone(ARGV[2])
if state ~= 'dead' then return 0 end
local member = member_of(sequence, ARGV[1])
redis.call('ZREM', DEAD, member)
redis.call('ZREM', ALL, member)
unindex(facts_of(facts), tonumber(sequence))
if not was_gone then leave_tombstone(ARGV[2], clock()) end
note_tombstone_change()
redis.call('DEL', hash)
return 1
`,
);

/** Drops a dead letter and leaves a tombstone. */
export async function discard(run: Run, key: string): Promise<boolean> {
  return numberOf(await run(DISCARD, [key, digestOf(key)])) === 1;
}

// ARGV: how long they must have been due (ms), how many, types.
const SETTLE = script(
  QUEUES,
  WANTED_TYPES,
  `
local PAGE, MOST_SKIPPED = 200, 20000
local at, left, settled = clock(), tonumber(ARGV[2]), 0
local until_since = at - ARGV[1]

local function settle(kind, member)
  local hash = hash_of(key_of(member))
  local waits_until = tonumber(redis.call('ZSCORE', index .. 'wait:' .. kind, member) or 0)
  if waits_until > at then return false end
  local state, facts, started, finished = unpack(redis.call('HMGET', hash, 'state', 'facts', 'started', 'finished'))
  exit_due(kind, member)
  if not state then redis.call('ZREM', ALL, member) end
  if state ~= 'due' then return true end
  if redis.call('ZREM', index .. 'wait:' .. kind, member) == 0 then
    pull(family_of(started, finished), kind, facts_of(facts).subject, member)
  end
  redis.call('ZADD', DONE, at, member)
  redis.call('ZADD', UNHANDLED, sequence_of(member), member)
  redis.call('HSET', hash, 'state', 'done', 'at', at, 'unhandled', 1)
  settled = settled + 1
  return true
end

-- Retries that wait for their time are not due and stay where they are, so more than is settled may be looked at.
local function settle_type(kind)
  local skipped, members = 0, nil
  repeat
    members = redis.call('ZRANGEBYSCORE', index .. 'due:' .. kind, '-inf', until_since, 'LIMIT', skipped, PAGE)
    for _, member in ipairs(members) do
      if settled == left then return end
      if not settle(kind, member) then skipped = skipped + 1 end
    end
  until #members < PAGE or skipped > MOST_SKIPPED
end

expect_sorted_sets({ DONE, UNHANDLED, ALL })
for _, kind in ipairs(wanted_types(3)) do
  expect_sorted_sets({ index .. 'wait:' .. kind, heads_of('fresh', kind), heads_of('lapsed', kind) })
  settle_type(kind)
end
return settled
`,
);

/** due → done and unhandled, for up to `limit` of these types, those due for longest first within a type. */
export async function settleUnhandled(run: Run, options: SettleOptions): Promise<number> {
  const limit = checks.count('limit', options.limit);
  const age = writeAge('dueForMs', options.dueForMs);
  const types = typeArguments(options.types);
  if (age === undefined) return 0;
  return inChunks(limit, async (most) =>
    numberOf(await run(SETTLE, [age, String(most), ...types])),
  );
}
