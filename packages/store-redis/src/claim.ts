import { randomUUID } from 'node:crypto';
import type {
  Claim,
  ClaimOutcome,
  ExtendOptions,
  TakenDelivery,
  TakeOptions,
} from '@qbitflow/core/store';
import {
  arrayOf,
  checks,
  numberOf,
  outcomeOf,
  readTakenReply,
  textOf,
  writeDelay,
  writeHolder,
  writeProgress,
} from './codec.js';
import { QUEUES, typeArguments, WANTED_TYPES } from './queues.js';
import { DRAIN, PLACE } from './repair.js';
import type { Run } from './run.js';
import { script } from './schema.js';
import { retry } from './transitions.js';

/** Puts what has become due in its queue: at most so many of each kind a script. */
const PROMOTE = `
-- As many as are wanted, and enough to get through a pile.
local PROMOTE = math.max(200, tonumber(ARGV[1]))
local more = 0

local function forget_evicted(member, kind)
  redis.call('ZREM', ALL, member)
  redis.call('ZREM', LAPSED, member)
  exit_due(kind, member)
end

local function promote_waits(kind, at)
  local wait = index .. 'wait:' .. kind
  local ended = redis.call('ZRANGEBYSCORE', wait, '-inf', at, 'WITHSCORES', 'LIMIT', 0, PROMOTE)
  for i = 1, #ended, 2 do
    local member = ended[i]
    local state, facts, started, finished =
      unpack(redis.call('HMGET', hash_of(key_of(member)), 'state', 'facts', 'started', 'finished'))
    local family, subject = family_of(started, finished), facts_of(facts).subject
    expect_line(family, kind, subject)
    redis.call('ZREM', wait, member)
    if not state then forget_evicted(member, kind)
    elseif state == 'due' then push(family, kind, subject, member, ended[i + 1])
    end
  end
  if #ended == 2 * PROMOTE then more = 1 end
end

local function promote_leases(at)
  local ended = redis.call('ZRANGEBYSCORE', RUNNING, '-inf', at, 'WITHSCORES', 'LIMIT', 0, PROMOTE)
  for i = 1, #ended, 2 do
    local member = ended[i]
    local state, facts = unpack(redis.call('HMGET', hash_of(key_of(member)), 'state', 'facts'))
    facts = facts_of(facts)
    expect_line('lapsed', facts.type, facts.subject)
    redis.call('ZREM', RUNNING, member)
    if not state then
      redis.call('ZREM', ALL, member)
    elseif state == 'running' then
      redis.call('SADD', TYPES, facts.type)
      redis.call('ZADD', LAPSED, ended[i + 1], member)
      push('lapsed', facts.type, facts.subject, member, ended[i + 1])
    end
  end
  if #ended == 2 * PROMOTE then more = 1 end
end
`;

/** Chooses heads of queues, oldest first, a subject once. Nothing is written while it chooses. */
const CHOOSE = `
local PAGE = 64
local passed = {}

local function list_of(family, kind)
  return { family = family, kind = kind, heads = heads_of(family, kind), offset = 0, page = {}, at = 1 }
end

-- The oldest head of a list whose subject may still be taken.
local function peek(list)
  while true do
    if list.at > #list.page then
      list.page = redis.call('ZRANGE', list.heads, list.offset, list.offset + PAGE - 1, 'WITHSCORES')
      list.offset, list.at = list.offset + PAGE, 1
      if #list.page == 0 then return nil end
    end
    local entry = list.page[list.at]
    local subject = string.sub(entry, 17)
    if not passed[subject] then return entry, tonumber(list.page[list.at + 1]), subject end
    list.at = list.at + 2
  end
end

local function oldest_of(lists)
  local best, best_entry, best_since, best_subject
  for _, list in ipairs(lists) do
    local entry, since, subject = peek(list)
    if entry and (not best or since < best_since or (since == best_since and entry < best_entry)) then
      best, best_entry, best_since, best_subject = list, entry, since, subject
    end
  end
  return best, best_subject, best_entry
end

local function choose(kinds, limit, lapsed_limit)
  local fresh, all, chosen, lapsed = {}, {}, {}, 0
  for _, kind in ipairs(kinds) do
    fresh[#fresh + 1] = list_of('fresh', kind)
    all[#all + 1] = fresh[#fresh]
    all[#all + 1] = list_of('lapsed', kind)
  end
  while #chosen < limit do
    local list, subject, entry = oldest_of(lapsed < lapsed_limit and all or fresh)
    if not list then break end
    if list.family == 'lapsed' then lapsed = lapsed + 1 end
    passed[subject] = true
    chosen[#chosen + 1] = { list.family, list.kind, subject, entry }
  end
  return chosen
end
`;

// ARGV: limit, lease (ms), what the tokens start with, most lapsed, types, excluded subjects.
const TAKE = `
local limit, token, lapsed_limit = tonumber(ARGV[1]), ARGV[3], tonumber(ARGV[4])
local at = clock()
local lease_end = at + ARGV[2]
local taken = {}
expect_sorted_sets({ RUNNING, LAPSED, ALL, DONE, DEAD })
if drain_if_there(PROMOTE) > 0 then more = 1 end
promote_leases(at)

local function is_takeable(family, state, member)
  if state == 'due' then return true end
  -- A line of lapsed ones may name one whose lease was renewed or that has ended since.
  return state == 'running' and family == 'lapsed' and redis.call('ZREM', LAPSED, member) == 1
end

local function take(family, kind, subject, entry)
  local member = redis.call('HGET', firsts_of(family, kind), subject)
  -- Shown for a line that is gone, or for one that begins with another.
  if not member or entry_of(member, subject) ~= entry then redis.call('ZREM', heads_of(family, kind), entry) end
  if not member then return end
  behead(family, kind, subject, member)
  local key = key_of(member)
  local hash = hash_of(key)
  local state, started, finished, recorded, since, succeeded, facts, headers, raw, webhook, webhook_headers, webhook_raw =
    unpack(redis.call('HMGET', hash, 'state', 'started', 'finished', 'recordedAt', 'dueSince', 'succeeded',
      'facts', 'headers', 'raw', 'webhook', 'webhookHeaders', 'webhookRaw'))
  if not state then return forget_evicted(member, kind) end
  if not is_takeable(family, state, member) then return end
  exit_due(kind, member)
  started, finished = tonumber(started or 0), tonumber(finished or 0)
  local fresh = started <= finished and 1 or 0
  local claim = token .. ':' .. (#taken + 1)
  redis.call('HSET', hash, 'state', 'running', 'token', claim, 'at', at, 'started', started + fresh, 'counted', fresh)
  redis.call('ZADD', RUNNING, lease_end, member)
  -- A process of the release before puts off without the bitmap of what has failed.
  if started > 0 and redis.call('HEXISTS', hash, 'lastError') == 1 then set_bit('error', sequence_of(member)) end
  taken[#taken + 1] = { key, claim, fresh, started + fresh, finished, since or recorded, succeeded,
    facts, webhook, webhook and webhook_headers or headers, webhook and webhook_raw or raw }
end

local kinds, rest = wanted_types(5)
for i = rest, #ARGV do passed[ARGV[i]] = true end
for _, kind in ipairs(kinds) do
  expect_sorted_sets({ index .. 'due:' .. kind, heads_of('fresh', kind), heads_of('lapsed', kind) })
  redis.call('HLEN', firsts_of('fresh', kind))
  redis.call('HLEN', firsts_of('lapsed', kind))
  promote_waits(kind, at)
end
local chosen = choose(kinds, limit, lapsed_limit)
for _, choice in ipairs(chosen) do take(unpack(choice)) end
if #taken < #chosen then more = 1 end
if #chosen == 0 then
  for _, kind in ipairs(kinds) do
    if redis.call('EXISTS', index .. 'due:' .. kind, heads_of('lapsed', kind)) == 0 then redis.call('SREM', TYPES, kind) end
  end
end
return { taken, more }
`;

/** Takes what is due. Answers with what was taken, and 1 where another script might find more. */
const TAKE_DUE = script(QUEUES, PLACE, DRAIN, WANTED_TYPES, PROMOTE, CHOOSE, TAKE);

/** One script keeps every other client waiting. */
const TAKE_MOST = 10_000;

/**
 * Takes up to `limit` deliveries that are due or whose lease lapsed, oldest first, each under a token of its own. What
 * may not be taken (other types, subjects that are excluded or met before, waits) costs nothing, however much there is.
 */
export async function takeDue(run: Run, options: TakeOptions): Promise<readonly TakenDelivery[]> {
  const limit = Math.min(checks.count('limit', options.limit), TAKE_MOST);
  const lapsedLimit = Math.min(
    checks.count('lapsedLimit', options.lapsedLimit ?? limit),
    TAKE_MOST,
  );
  const args = [
    String(limit),
    writeDelay('leaseMs', options.leaseMs),
    `${writeHolder(options.holder)}${randomUUID()}`,
    String(lapsedLimit),
    ...typeArguments(options.types),
    ...(options.exceptSubjects ?? []),
  ];
  if (limit === 0) return [];
  for (;;) {
    // One script moves a bounded number of lapsed leases and ended waits; only when there are no more is nothing due.
    // oxlint-disable-next-line no-await-in-loop -- each script goes on where the one before ended
    const reply = await run(TAKE_DUE, args, (late) => {
      releaseLate(run, late).catch(ignore);
    });
    const [taken, more] = arrayOf(reply);
    const deliveries = arrayOf(taken).map(readTakenReply);
    if (deliveries.length > 0 || numberOf(more) === 0) return deliveries;
  }
}

/** A client that queues while offline sends the take when its caller has given up: the leases would hold up others. */
async function releaseLate(run: Run, late: unknown): Promise<void> {
  const [taken] = arrayOf(late);
  const options = { delayMs: 0, error: 'taken too late', counted: false, succeeded: [] };
  await Promise.all(
    arrayOf(taken).map(async (delivery) => {
      const [key, token] = arrayOf(delivery);
      return retry(run, { key: textOf(key), token: textOf(token) }, options);
    }),
  );
}

function ignore(): void {
  // A lease that cannot be released lapses by itself.
}

// ARGV: key, token, lease (ms), names, attempt, starts from now on ('' leaves them).
const EXTEND = script(
  QUEUES,
  `
expect_sorted_sets({ RUNNING, LAPSED })
local claim, fields = held(ARGV[1], ARGV[2]), {}
if not claim then return 0 end
leave_running(claim.member)
redis.call('ZADD', RUNNING, clock() + ARGV[3], claim.member)
-- What this taking counted is what is taken back when it is handed back uncounted.
if ARGV[6] ~= '' then fields = { 'started', ARGV[6], 'counted', ARGV[6] - claim.started + claim.counted } end
note_progress(claim, ARGV[4], ARGV[5], fields)
return 1
`,
);

/** Renews the lease, remembers who succeeded meanwhile, and sets the starts when asked. Also where Redis is full. */
export async function extend(
  run: Run,
  { key, token }: Claim,
  { leaseMs, start, ...progress }: ExtendOptions,
): Promise<ClaimOutcome> {
  const startsNow = start === undefined ? '' : String(checks.starts('start', start));
  const lease = writeDelay('leaseMs', leaseMs);
  const args = [key, token, lease, ...writeProgress(progress), startsNow];
  return outcomeOf(await run(EXTEND, args));
}
