import {
  MOST_SEARCHED,
  readFilter,
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
import { catchUp, catchUpErrors } from './index-upkeep.js';
import { INDEXES } from './indexes.js';
import { QUEUES, typeArguments, WANTED_TYPES } from './queues.js';
import type { Run } from './run.js';
import { script } from './schema.js';
import { TIME_RANGE } from './time-range.js';
import { WALKS } from './walks.js';

/** When the lease of a running delivery ends, nil for any other. */
const LEASE_OF = `
local function lease_of(state, member)
  if state ~= 'running' then return nil end
  return redis.call('ZSCORE', RUNNING, member) or redis.call('ZSCORE', LAPSED, member)
end
`;

// ARGV: key.
const GET = script(
  LEASE_OF,
  `
local hash = hash_of(ARGV[1])
local raw, later, state, sequence = unpack(redis.call('HMGET', hash, 'raw', 'webhookRaw', 'state', 'sequence'))
if not raw then return {} end
local lease = sequence and lease_of(state, member_of(sequence, ARGV[1])) or false
return { raw, later, lease, redis.call('HGET', hash, 'attempts'), redis.call('HMGET', hash, ${STORED_FIELDS}) }
`,
);

/** One delivery with its body, and with the webhook's where that came later, or `undefined`. */
export async function get(run: Run, key: string): Promise<StoredDelivery | undefined> {
  const [raw, webhookRaw, leaseUntil, attempts, values] = arrayOf(await run(GET, [key]));
  if (isNil(raw)) return undefined;
  const more = { raw, webhookRaw, leaseUntil, attempts };
  return readStoredHash(key, arrayOf(values), more);
}

/** Deliveries one script looks at: it keeps the server for a millisecond or two, where it shows them all for a little more. */
const SCAN = 200;
/** Scripts of a page that searches in errors: what has ever failed may be much, and none of it match. */
const MOST_SCANS = MOST_SEARCHED / SCAN;
/** Above every sequence number. */
const TOP = '1000000000000000';
const MEMBER = /^(\d{15}):(.*)$/s;

// ARGV: below which sequence, how many to look at, how many to answer, state, type, subject ('' for any), whether
// unhandled, reference ('=' before it, '' for any), text in the error ('' for any), recorded from and until when ('' for
// any), whether even where the indexes are behind. Answers with nothing where they are.
const LIST = script(
  INDEXES,
  TIME_RANGE,
  LEASE_OF,
  `
local below, scan, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local state, kind, subject, unhandled = ARGV[4], ARGV[5], ARGV[6], ARGV[7] == '1'
local reference, error_text = ARGV[8] ~= '' and string.sub(ARGV[8], 2) or nil, ARGV[9] ~= '' and ARGV[9] or nil
local from_at, until_at, first = tonumber(ARGV[10]), tonumber(ARGV[11]), 0
local rows, looked = {}, 0
if from_at or until_at then
  local final
  first, final = range_of(from_at, until_at)
  if not first or first >= below then return { '', rows } end
  below = math.min(below, final + 1)
end
local last = below

local function is_full()
  return #rows == wanted or looked >= scan or last < first
end

local function is_of_time(recorded)
  if not from_at and not until_at then return true end
  recorded = tonumber(recorded or 0)
  return (not from_at or recorded >= from_at) and (not until_at or recorded < until_at)
end

-- Both in lower case; letters beyond ASCII are bytes to Lua and stay as they are.
local function has_error(message)
  if not error_text then return true end
  return message and string.find(string.lower(message), error_text, 1, true)
end

local function has_facts(hash)
  if kind == '' and subject == '' and not reference then return true end
  local facts = facts_of(redis.call('HGET', hash, 'facts'))
  return (kind == '' or kind == facts.type) and (subject == '' or subject == facts.subject)
    and (not reference or reference == facts.reference)
end

-- The state of a delivery that is wanted.
local function wanted_state(hash)
  local found, is_unhandled, recorded, message =
    unpack(redis.call('HMGET', hash, 'state', 'unhandled', 'recordedAt', 'lastError'))
  if not found or (state ~= '' and state ~= found) or (unhandled and not is_unhandled) then return nil end
  return is_of_time(recorded) and has_error(message) and has_facts(hash) and found
end

local function look(member)
  looked, last = looked + 1, sequence_of(member)
  if last < first then return end
  local hash = hash_of(key_of(member))
  local found = wanted_state(hash)
  if not found then return end
  rows[#rows + 1] = { member, redis.call('HMGET', hash, ${STORED_FIELDS}), lease_of(found, member) or false }
end
`,
  WALKS,
  `
local needs_indexes = kind ~= '' or subject ~= '' or reference or state == 'due' or state == 'done'
if ARGV[12] ~= '1' and (needs_indexes and is_behind() or error_text and are_errors_behind()) then return {} end
local is_end = walk() or last <= first
return { is_end and '' or string.format('%015.0f', last), rows }
`,
);

interface Row {
  readonly sequence: string;
  readonly key: string;
  readonly values: readonly unknown[];
  readonly leaseUntil: unknown;
}

/**
 * Deliveries newest first. A page costs what it shows, whatever else there is; where the wanted ones are in no index,
 * deliveries are looked at one by one, a bounded number a script, until the page is full.
 */
export async function list(run: Run, filter: ListFilter): Promise<DeliveryPage> {
  const request = readPageRequest(STORE, filter);
  const wanted = readFilter(STORE, filter);
  const most = wanted.error === undefined ? Infinity : MOST_SCANS;
  const rows: Row[] = [];
  let below = request.below ?? TOP;
  for (let scans = 0; below !== '' && rows.length <= request.limit && scans < most; scans += 1) {
    // One more than the page shows, to know whether another follows.
    const limit = request.limit + 1 - rows.length;
    // oxlint-disable-next-line no-await-in-loop -- each scan starts where the one before ended
    const scan = await scanBelow(run, below, { ...wanted, limit });
    rows.push(...scan.rows);
    below = scan.end;
  }
  return toPage(STORE, request, {
    rows,
    read: ({ key, values, leaseUntil }) => readStoredHash(key, values, { leaseUntil }),
    sequenceOf: ({ sequence }) => sequence,
    stoppedAt: below === '' ? undefined : below,
  });
}

async function scanBelow(
  run: Run,
  below: string,
  filter: ListFilter,
): Promise<{ rows: readonly Row[]; end: string }> {
  const args = [below, String(SCAN), String(filter.limit), ...filterArguments(filter)];
  let reply = arrayOf(await run(LIST, [...args, '0']));
  if (reply.length === 0) {
    await catchUp(run);
    await catchUpErrors(run);
    reply = arrayOf(await run(LIST, [...args, '1']));
  }
  const [end, rows] = reply;
  return { rows: arrayOf(rows).map(readRow), end: textOf(end) };
}

function filterArguments(filter: ListFilter): readonly string[] {
  const { state = '', type = '', subject = '', unhandled, reference, error = '' } = filter;
  return [
    state,
    type,
    subject,
    unhandled === true ? '1' : '0',
    reference === undefined ? '' : `=${reference}`,
    asciiLowerCase(error),
    String(filter.recordedFrom ?? ''),
    String(filter.recordedUntil ?? ''),
  ];
}

function asciiLowerCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function readRow(reply: unknown): Row {
  const [member, values, leaseUntil] = arrayOf(reply);
  const [, sequence = '', key = ''] = MEMBER.exec(textOf(member)) ?? [];
  return { sequence, key, values: arrayOf(values), leaseUntil };
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
