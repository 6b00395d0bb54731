import {
  holderOf,
  KEPT_ATTEMPTS,
  numberChecks,
  readNumber,
  readStored,
  readTaken,
  readText,
  storableText,
  type AttemptRecord,
  type DeliveryState,
  type NewDelivery,
  type RecordedFields,
  type StoredDelivery,
  type TakenDelivery,
  type TypeFilter,
  type WebhookFields,
} from '@qbitflow/core/store';
import { STORE } from './errors.js';
import type { Row } from './pool.js';
import type { Names } from './schema.js';

/** A timestamp as whole ms since 1970. */
export const inMs = (expression: string): string =>
  `floor(extract(epoch FROM ${expression}) * 1000)::bigint`;

/** When something came, which the receiver's clock told in ms. */
const receivedMs = (column: string): string =>
  `round(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The columns of a delivery as recorded, under the names {@link recordedOf} knows; `raw` is an expression. */
export const deliveryColumns = (raw: string): string =>
  `key, subject, event_id, type, version, source, headers, encode(${raw}, 'base64') AS raw,
  ${receivedMs('received_at')} AS received_ms, started, finished, to_jsonb(succeeded) AS succeeded`;

/**
 * The columns of a delivery as an operator sees it, of the table under the name `d`; `raw` and `attempts` are expressions.
 * While it is running, `at` is when its lease ends, unless that was renewed.
 */
export const storedColumns = (
  { leases, duplicates }: Names,
  { raw, attempts }: { readonly raw: string; readonly attempts: string },
): string =>
  `${deliveryColumns(raw)}, state, last_error, unhandled::int AS unhandled, reference, token, ${attempts} AS attempts,
  coalesce((SELECT times FROM ${duplicates} again WHERE again.key = d.key), 0) AS duplicates,
  CASE WHEN state = 'running' THEN ${inMs(`greatest(at, (SELECT until FROM ${leases} lease WHERE lease.key = d.key AND lease.token = d.token))`)} END AS lease_ms,
  ${inMs('recorded_at')} AS recorded_ms, ${inMs("CASE WHEN state = 'running' THEN coalesce(taken_at, recorded_at) ELSE at END")} AS at_ms`;

/** SQL for the attempts of a delivery as a JSON list. */
export const ATTEMPTS = `'[' || array_to_string(attempts, ',') || ']'`;

/** SQL for the attempts of a delivery with one more ({@link writeAttempt}), where there is one: the newest are kept. */
export const withAttempt = (attempt: string): string => `CASE WHEN ${attempt} IS NULL THEN attempts
    ELSE array_append(attempts[greatest(cardinality(attempts) - ${KEPT_ATTEMPTS - 2}, 1):], ${attempt}) END`;

/** An attempt as one text. */
export const writeAttempt = (attempt: AttemptRecord | undefined): string | null =>
  attempt === undefined ? null : JSON.stringify(attempt);

/** The columns of the webhook that came later, of a table under the name `later`, as {@link laterOf} knows them. */
export const LATER_COLUMNS = `later.event_id AS later_id, later.version AS later_version, later.headers AS later_headers,
  encode(later.raw, 'base64') AS later_raw, ${receivedMs('later.received_at')} AS later_ms`;

/** A row selected with {@link deliveryColumns}. */
function recordedOf(row: Row): RecordedFields {
  return {
    key: row['key'],
    subject: row['subject'],
    id: row['event_id'],
    type: row['type'],
    version: row['version'],
    source: row['source'],
    raw: bytesOf(row, 'raw'),
    headers: row['headers'],
    receivedAt: row['received_ms'],
  };
}

/** The webhook that came later, of a row selected with {@link LATER_COLUMNS} from a left join. */
function laterOf(row: Row): WebhookFields | undefined {
  const id = row['later_id'];
  if (id === null || id === undefined) return undefined;
  return {
    id,
    version: row['later_version'],
    raw: bytesOf(row, 'later_raw'),
    headers: row['later_headers'],
    receivedAt: row['later_ms'],
  };
}

const progressOf = (row: Row) => ({
  started: row['started'],
  finished: row['finished'],
  succeeded: row['succeeded'],
});

/** A delivery as an operator sees it, of a row selected with {@link storedColumns}, and with {@link LATER_COLUMNS} for the webhook. */
export function readStoredRow(row: Row): StoredDelivery {
  return readStored({
    ...recordedOf(row),
    ...progressOf(row),
    state: row['state'],
    recordedAt: row['recorded_ms'],
    at: row['at_ms'],
    lastError: row['last_error'],
    unhandled: row['unhandled'],
    reference: row['reference'],
    duplicates: row['duplicates'],
    attempts: row['attempts'],
    holder: holderOf(row['token']),
    leaseUntil: row['lease_ms'],
    webhook: laterOf(row),
  });
}

/** A delivery as its taker gets it, of a row that has a token and {@link LATER_COLUMNS} besides. */
export function readTakenRow(row: Row): TakenDelivery {
  const fields = {
    ...recordedOf(row),
    ...progressOf(row),
    token: row['token'],
    // `counted` is how many starts this taking counted: none after a lapsed lease.
    lapsed: numberOf(row, 'counted') === 0,
    dueSince: row['due_ms'],
  };
  return readTaken(fields, laterOf(row));
}

/** A delivery about to be recorded: how it begins, and with a token and a lease (ms) where it is taken at once. */
export interface Arrival {
  readonly delivery: NewDelivery;
  readonly state: DeliveryState;
  readonly reason?: string | undefined;
  readonly token?: string | undefined;
  readonly leaseMs?: number | undefined;
}

/** Arrivals as one JSON and all their bodies in one: an array of bodies would travel as twice as many hex digits. */
export function arrivalValues(group: readonly Arrival[]): [string, Uint8Array] {
  let next = 1;
  const arrivals = group.map(({ delivery, state, reason, token, leaseMs }) => {
    const { key, subject, id, type, version, source, headers, receivedAt, raw, reference } =
      delivery;
    const from = next;
    next += raw.byteLength;
    return {
      key,
      subject,
      event_id: id,
      type,
      version,
      source,
      headers,
      received_at: receivedAt,
      state,
      reason,
      token,
      lease_ms: leaseMs,
      body_from: from,
      body_length: raw.byteLength,
      reference,
    };
  });
  return [writeJson(arrivals), Buffer.concat(group.map(({ delivery }) => delivery.raw))];
}

/**
 * The places (from 0) of a group's members that were not recorded, with state and source of the record that is there;
 * `null` where that could not be seen yet.
 */
export function readKnown(json: string | null | undefined): ReadonlyMap<number, string | null> {
  return new Map(
    readList(json).map((entry) => {
      const [place, known] = Array.isArray(entry) ? entry.map((field: unknown) => field) : [];
      return [placeOf(place), known === null ? null : readText('known', known)];
    }),
  );
}

/** The places (from 0) of a group's members that an answer names. */
export function readPlaces(json: string | null | undefined): ReadonlySet<number> {
  return new Set(readList(json).map(placeOf));
}

/** Numbers of rows, as digits: they may be larger than what JavaScript counts. */
export function readNumbers(json: string | null | undefined): readonly string[] {
  return readList(json).map(String);
}

/** The database counts from 1. */
const placeOf = (place: unknown): number => readNumber('place', place) - 1;

function readList(json: string | null | undefined): readonly unknown[] {
  if (json === null || json === undefined) return [];
  const list: unknown = JSON.parse(json);
  return Array.isArray(list) ? list : [];
}

/**
 * JSON whose texts PostgreSQL can keep. It refuses NUL and half surrogate pairs, which stand in JSON as escapes: only
 * where there is an escape are the texts looked through.
 */
export function writeJson(value: unknown): string {
  const json = JSON.stringify(value);
  return json.includes(String.raw`\u`) ? JSON.stringify(value, storableMember) : json;
}

function storableMember(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return storableText(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries: [string, unknown][] = Object.entries(value);
  return Object.fromEntries(entries.map(([name, member]) => [storableText(name), member]));
}

/** Names of handlers as JSON that `jsonb` takes, each once. */
export const writeNames = (names: readonly string[]): string =>
  JSON.stringify([...new Set(names)].map(storableText));

/** A column that is never null. */
export const textOf = (row: Row, column: string): string => readText(column, row[column]);

/** A column that holds a number. */
export const numberOf = (row: Row, column: string): number => readNumber(column, row[column]);

const bytesOf = (row: Row, column: string): Uint8Array =>
  Buffer.from(textOf(row, column), 'base64');

/** Checks the numbers that methods are called with. */
export const checks = numberChecks(STORE, { mostAtOnce: 10_000 });

/** A filter of types as two values: whether the types are those wanted or those not wanted, and the types. */
interface Filter {
  readonly only: boolean;
  readonly types: readonly string[];
}

/** `undefined` is every type. */
export function filterOf(filter: TypeFilter | undefined): Filter {
  if (filter === undefined) return { only: false, types: [] };
  return 'only' in filter
    ? { only: true, types: filter.only }
    : { only: false, types: filter.except };
}
