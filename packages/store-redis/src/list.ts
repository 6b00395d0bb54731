import {
  readPageRequest,
  toPage,
  type DeliveryPage,
  type ListFilter,
  type StoredDelivery,
  type StoreStats,
  type TypeFilter,
} from '@qbitflow/core/store';
import { arrayOf, numberOf, isNil, readStoredHash, STORED_FIELDS, textOf } from './codec.js';
import { STORE } from './errors.js';
import { QUEUES, typeArguments, WANTED_TYPES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';

// ARGV: key.
const GET = script(`
return redis.call('HMGET', hash_of(ARGV[1]), 'raw', 'webhookRaw', ${STORED_FIELDS})
`);

/** One delivery with its body, and with the webhook's where that came later, or `undefined`. */
export async function get(run: Run, key: string): Promise<StoredDelivery | undefined> {
  const [raw, webhookRaw, ...values] = arrayOf(await run(GET, [key]));
  if (isNil(raw)) return undefined;
  return readStoredHash(key, values, { raw, webhookRaw });
}

/** Deliveries one script looks at: it keeps the server for a millisecond or two. */
const SCAN = 500;
/** Above every sequence number. */
const TOP = '1000000000000000';
const MEMBER = /^(\d{15}):(.*)$/s;

// ARGV: below which sequence, how many to look at, how many to answer, state, type, subject ('' for any), whether unhandled.
const LIST = script(`
local below, scan, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local state, kind, subject, unhandled = ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'

local function newest_first(one, other)
  return sequence_of(one) > sequence_of(other)
end

-- The sets that a state's deliveries are in, unless they are found by sequence number.
local function sets_of()
  if state == 'running' then return { RUNNING, LAPSED } end
  if state == 'done' then return { DONE } end
  local sets = {}
  for i, name in ipairs(redis.call('SMEMBERS', TYPES)) do sets[i] = index .. 'due:' .. name end
  return sets
end

-- Those of a state with few deliveries: they are quicker sorted than found among all. nil for a state with many.
local function few()
  local sets, count, members = sets_of(), 0, {}
  for _, set in ipairs(sets) do count = count + redis.call('ZCARD', set) end
  if count > scan then return nil end
  for _, set in ipairs(sets) do
    for _, member in ipairs(redis.call('ZRANGE', set, 0, -1)) do
      if sequence_of(member) < below then members[#members + 1] = member end
    end
  end
  table.sort(members, newest_first)
  return members
end

local function candidates()
  local set = unhandled and UNHANDLED or state == 'dead' and DEAD or ALL
  local members = set == ALL and state ~= '' and few()
  if members then return members, true end
  members = redis.call('ZREVRANGEBYSCORE', set, '(' .. ARGV[1], '-inf', 'LIMIT', 0, scan)
  return members, #members < scan
end

local function matches(hash)
  local found, facts, is_unhandled = unpack(redis.call('HMGET', hash, 'state', 'facts', 'unhandled'))
  if not found or (state ~= '' and state ~= found) or (unhandled and not is_unhandled) then return false end
  if kind == '' and subject == '' then return true end
  facts = facts_of(facts)
  return (kind == '' or kind == facts.type) and (subject == '' or subject == facts.subject)
end

local members, is_end = candidates()
local rows, last = {}, ''
for _, member in ipairs(members) do
  if #rows == wanted then return { last, rows } end
  local hash = hash_of(key_of(member))
  if matches(hash) then rows[#rows + 1] = { member, redis.call('HMGET', hash, ${STORED_FIELDS}) } end
  last = string.sub(member, 1, 15)
end
return { is_end and '' or last, rows }
`);

interface Row {
  readonly sequence: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

/**
 * Deliveries newest first. A page without filter, of dead letters, of unhandled ones, or of a state with few deliveries costs what it
 * shows; any other looks at deliveries one by one, a bounded number a script, until the page is full.
 */
export async function list(run: Run, filter: ListFilter): Promise<DeliveryPage> {
  const request = readPageRequest(STORE, filter);
  const rows: Row[] = [];
  let below = request.below ?? TOP;
  while (below !== '' && rows.length <= request.limit) {
    // One more than the page shows, to know whether another follows.
    const limit = request.limit + 1 - rows.length;
    // oxlint-disable-next-line no-await-in-loop -- each scan starts where the one before ended
    const scan = await scanBelow(run, below, { ...filter, limit });
    rows.push(...scan.rows);
    below = scan.end;
  }
  return toPage(STORE, request, {
    rows,
    read: ({ key, values }) => readStoredHash(key, values),
    sequenceOf: ({ sequence }) => sequence,
  });
}

async function scanBelow(
  run: Run,
  below: string,
  { limit, state, type = '', subject = '', unhandled }: ListFilter,
): Promise<{ rows: readonly Row[]; end: string }> {
  const wanted = [state ?? '', type, subject, unhandled === true ? '1' : '0'];
  const reply = await run(LIST, [below, String(SCAN), String(limit), ...wanted]);
  const [end, rows] = arrayOf(reply);
  return { rows: arrayOf(rows).map(readRow), end: textOf(end) };
}

function readRow(reply: unknown): Row {
  const [member, values] = arrayOf(reply);
  const [, sequence = '', key = ''] = MEMBER.exec(textOf(member)) ?? [];
  return { sequence, key, values: arrayOf(values) };
}

// ARGV: types that are handled.
const STATS = script(
  QUEUES,
  WANTED_TYPES,
  `
local at = clock()
local due, unhandled, oldest = 0, redis.call('ZCARD', UNHANDLED), nil

local function due_since(since)
  since = tonumber(since)
  if since and (not oldest or since < oldest) then oldest = since end
end

-- The oldest of those whose start never finished, unless it is one that is still running.
local function lapsed_since(kind)
  local head = redis.call('ZRANGE', heads_of('lapsed', kind), 0, 0, 'WITHSCORES')
  if not head[1] then return nil end
  local member = redis.call('HGET', firsts_of('lapsed', kind), string.sub(head[1], 17))
  return member and redis.call('ZSCORE', index .. 'due:' .. kind, member) and head[2]
end

local handled = {}
for _, kind in ipairs(wanted_types(1)) do handled[kind] = true end
for _, kind in ipairs(redis.call('SMEMBERS', TYPES)) do
  local count = redis.call('ZCARD', index .. 'due:' .. kind)
  due = due + count
  if not handled[kind] then unhandled = unhandled + count end
  due_since(redis.call('ZRANGE', heads_of('fresh', kind), 0, 0, 'WITHSCORES')[2])
  due_since(redis.call('ZRANGEBYSCORE', index .. 'wait:' .. kind, '-inf', at, 'WITHSCORES', 'LIMIT', 0, 1)[2])
  due_since(lapsed_since(kind) or nil)
end
local running = redis.call('ZCARD', RUNNING) + redis.call('ZCARD', LAPSED)
return { oldest and math.max(0, at - oldest) or 0, due, running, redis.call('ZCARD', DONE), redis.call('ZCARD', DEAD), unhandled }
`,
);

/** Counts by state, and how long the oldest due delivery has waited (ms). */
export async function stats(run: Run, handled: TypeFilter | undefined): Promise<StoreStats> {
  const reply = arrayOf(await run(STATS, typeArguments(handled)));
  const [oldestDueAgeMs = 0, due = 0, running = 0, done = 0, dead = 0, unhandled = 0] =
    reply.map(numberOf);
  return { due, running, done, dead, unhandled, oldestDueAgeMs };
}

const KNOWN_SINCE = script(`
local at = clock()
local birth, forgotten = unpack(redis.call('HMGET', META, 'birth', 'forgotten'))
return { math.min(at, math.max(tonumber(birth or at), tonumber(forgotten or 0))) }
`);

/** Since when every key is known (ms by the server's clock). */
export async function knownSince(run: Run): Promise<number> {
  const [since] = arrayOf(await run(KNOWN_SINCE, []));
  return numberOf(since);
}
