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
import { catchUp } from './index-upkeep.js';
import { INDEXES } from './indexes.js';
import { QUEUES, typeArguments, WANTED_TYPES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';
import { WALKS } from './walks.js';

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

// ARGV: below which sequence, how many to look at, how many to answer, state, type, subject ('' for any), whether
// unhandled, whether even where the indexes are behind. Answers with nothing where they are.
const LIST = script(
  INDEXES,
  `
local below, scan, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local state, kind, subject, unhandled = ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
local rows, looked, last = {}, 0, below

local function is_full()
  return #rows == wanted or looked >= scan
end

local function matches(hash)
  local found, facts, is_unhandled = unpack(redis.call('HMGET', hash, 'state', 'facts', 'unhandled'))
  if not found or (state ~= '' and state ~= found) or (unhandled and not is_unhandled) then return false end
  if kind == '' and subject == '' then return true end
  facts = facts_of(facts)
  return (kind == '' or kind == facts.type) and (subject == '' or subject == facts.subject)
end

local function look(member)
  looked, last = looked + 1, sequence_of(member)
  local hash = hash_of(key_of(member))
  if matches(hash) then rows[#rows + 1] = { member, redis.call('HMGET', hash, ${STORED_FIELDS}) } end
end
`,
  WALKS,
  `
local needs_indexes = kind ~= '' or subject ~= '' or state == 'due' or state == 'done'
if needs_indexes and ARGV[8] ~= '1' and is_behind() then return {} end
local is_end = walk()
return { is_end and '' or string.format('%015.0f', last), rows }
`,
);

interface Row {
  readonly sequence: string;
  readonly key: string;
  readonly values: readonly unknown[];
}

/**
 * Deliveries newest first. A page costs what it shows, whatever else there is; where the wanted ones are in no index,
 * deliveries are looked at one by one, a bounded number a script, until the page is full.
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
  const args = [below, String(SCAN), String(limit), ...wanted];
  let reply = arrayOf(await run(LIST, [...args, '0']));
  if (reply.length === 0) {
    await catchUp(run);
    reply = arrayOf(await run(LIST, [...args, '1']));
  }
  const [end, rows] = reply;
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
