import {
  arrivalOf,
  numberChecks,
  readNumber,
  readStored,
  readTaken,
  readText,
  storableText,
  type NewDelivery,
  type RecordedFields,
  type StoredDelivery,
  type TakenDelivery,
  type TypeFilter,
  type WebhookFields,
} from '@qbitflow/core/store';
import type { Value } from './database.js';
import { STORE } from './errors.js';
import type { Row } from './pool.js';

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

/** The columns of a delivery as an operator sees it; `raw` is an expression. */
export const storedColumns = (raw: string): string =>
  `${deliveryColumns(raw)}, state, last_error, unhandled::int AS unhandled, ${inMs('recorded_at')} AS recorded_ms, ${inMs('at')} AS at_ms`;

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

/** New deliveries as columns, in the order in which the statement that records names them. */
export function deliveryValues(group: readonly NewDelivery[]): Value[] {
  return [
    group.map(({ key }) => key),
    group.map(({ subject }) => subject),
    group.map(({ id }) => id),
    group.map(({ type }) => type),
    group.map(({ version }) => version),
    group.map(({ source }) => source),
    group.map(({ headers }) => writeHeaders(headers)),
    group.map(({ receivedAt }) => receivedAt),
    group.map((delivery) => arrivalOf(delivery).state),
    group.map((delivery) => arrivalOf(delivery).reason ?? ''),
    group.map(({ raw }) => asBuffer(raw)),
  ];
}

/** Webhooks that came later as columns, in the order in which the statement that keeps them names them. */
export function laterValues(group: readonly NewDelivery[]): Value[] {
  return [
    group.map(({ key }) => key),
    group.map(({ id }) => id),
    group.map(({ version }) => version),
    group.map(({ headers }) => writeHeaders(headers)),
    group.map(({ receivedAt }) => receivedAt),
    group.map(({ raw }) => asBuffer(raw)),
  ];
}

/** Names of handlers as JSON that `jsonb` takes, each once. */
export const writeNames = (names: readonly string[]): string =>
  JSON.stringify([...new Set(names)].map(storableText));

function writeHeaders(headers: Readonly<Record<string, string>>): string {
  const entries = Object.entries(headers).map((entry) => entry.map(storableText));
  return JSON.stringify(Object.fromEntries(entries));
}

/** The driver knows a Buffer inside an array, not a bare Uint8Array. */
function asBuffer(raw: Uint8Array): Buffer {
  return Buffer.isBuffer(raw) ? raw : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
}

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
