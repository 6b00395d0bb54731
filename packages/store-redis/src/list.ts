import type { DeliveryPage, ListFilter, StoredDelivery } from '@qbitflow/core';
import { arrayOf, textOf } from './script/reply.js';
import type { Run } from './script/run.js';
import { script } from './script/script.js';
import { readStored, STORED_FIELDS } from './stored-delivery.js';

const PAGE_DEFAULT = 50;
const PAGE_MOST = 1_000;
/** Deliveries one script looks at: it keeps the server for a millisecond or two. */
const SCAN = 500;
/** Above every sequence number. */
const TOP = '1000000000000000';
const MEMBER = /^(\d{15}):(.*)$/s;

// ARGV: below which sequence, how many to look at, how many to answer, state, type, subject ('' for any).
const LIST = script(`
local below, scan, wanted = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local state, kind, subject = ARGV[4], ARGV[5], ARGV[6]

local function sequence_of(member)
  return tonumber(string.sub(member, 1, 15))
end

local function newest_first(one, other)
  return sequence_of(one) > sequence_of(other)
end

local function candidates()
  local set = state == 'dead' and 'dead' or 'all'
  if state ~= '' and state ~= 'dead' and redis.call('ZCARD', base .. state) <= scan then
    -- A short set is quicker sorted than found among all.
    local members = {}
    for _, member in ipairs(redis.call('ZRANGE', base .. state, 0, -1)) do
      if sequence_of(member) < below then members[#members + 1] = member end
    end
    table.sort(members, newest_first)
    return members, true
  end
  local members = redis.call('ZREVRANGEBYSCORE', base .. set, '(' .. ARGV[1], '-inf', 'LIMIT', 0, scan)
  return members, #members < scan
end

local function matches(hash)
  local found, facts = unpack(redis.call('HMGET', hash, 'state', 'facts'))
  if not found or (state ~= '' and state ~= found) then return false end
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
  readonly delivery: StoredDelivery;
}

/**
 * Deliveries newest first. A page without filter, of dead letters, or of a state with few deliveries costs what it
 * shows; any other looks at deliveries one by one, a bounded number a script, until the page is full.
 */
export async function list(run: Run, filter: ListFilter): Promise<DeliveryPage> {
  const limit = Math.min(Math.max(Math.floor(filter.limit ?? PAGE_DEFAULT), 1), PAGE_MOST);
  const rows: Row[] = [];
  let below = belowCursor(filter.cursor);
  while (below !== '' && rows.length <= limit) {
    // One more than the page shows, to know whether another follows.
    // oxlint-disable-next-line no-await-in-loop -- each scan starts where the one before ended
    const scan = await scanBelow(run, below, { ...filter, limit: limit + 1 - rows.length });
    rows.push(...scan.rows);
    below = scan.end;
  }
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map(({ delivery }) => delivery),
    ...(rows.length > limit && last !== undefined ? { nextCursor: last.sequence } : {}),
  };
}

async function scanBelow(
  run: Run,
  below: string,
  { limit, state, type = '', subject = '' }: ListFilter,
): Promise<{ rows: readonly Row[]; end: string }> {
  const reply = await run(LIST, [below, String(SCAN), String(limit), state ?? '', type, subject]);
  const [end, rows] = arrayOf(reply);
  return { rows: arrayOf(rows).map(readRow), end: textOf(end) };
}

function readRow(reply: unknown): Row {
  const [member, values] = arrayOf(reply);
  const [, sequence = '', key = ''] = MEMBER.exec(textOf(member)) ?? [];
  return { sequence, delivery: readStored(key, arrayOf(values)) };
}

/** A cursor that no page gave shows nothing. */
function belowCursor(cursor: string = TOP): string {
  return /^\d{1,16}$/.test(cursor) ? cursor : '';
}
