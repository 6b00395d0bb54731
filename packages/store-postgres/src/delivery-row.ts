import type {
  DeliverySource,
  DeliveryState,
  LaterWebhook,
  NewDelivery,
  StoredDelivery,
} from '@qbitflow/core';
import type { Row } from './database/pg-types.js';
import { bytesOf, headersOf, namesOf, numberOf, oneOf, textOf } from './database/row.js';

/** Every state a row can be in. */
export const STATES: readonly DeliveryState[] = ['due', 'running', 'done', 'dead'];
const VERSIONS: readonly NewDelivery['version'][] = ['v1', 'v2'];
const SOURCES: readonly DeliverySource[] = ['webhook', 'return', 'recovery'];

/** A timestamp as whole ms since 1970. */
export const inMs = (expression: string): string =>
  `floor(extract(epoch FROM ${expression}) * 1000)::bigint`;

/** When something came, which the receiver's clock told in ms. */
const receivedMs = (column: string): string =>
  `round(extract(epoch FROM ${column}) * 1000)::bigint`;

/** The columns of a delivery as recorded, under the names `readDelivery` knows; `raw` is an expression. */
export const deliveryColumns = (raw: string): string =>
  `key, subject, event_id, type, version, source, headers, encode(${raw}, 'base64') AS raw,
  ${receivedMs('received_at')} AS received_ms, started, finished, to_jsonb(succeeded) AS succeeded`;

/** The columns of a delivery as an operator sees it; `raw` is an expression. */
export const storedColumns = (raw: string): string =>
  `${deliveryColumns(raw)}, state, last_error, unhandled::int AS unhandled, ${inMs('recorded_at')} AS recorded_ms, ${inMs('at')} AS at_ms`;

/** The columns of the webhook that came later, of a table under the name `later`, as {@link readLater} knows them. */
export const LATER_COLUMNS = `later.event_id AS later_id, later.version AS later_version, later.headers AS later_headers,
  encode(later.raw, 'base64') AS later_raw, ${receivedMs('later.received_at')} AS later_ms`;

interface Progressed extends Omit<NewDelivery, 'unhandled'> {
  readonly started: number;
  readonly finished: number;
  readonly succeeded: readonly string[];
}

/** A row selected with {@link deliveryColumns}. */
export function readDelivery(row: Row): Progressed {
  return {
    key: textOf(row, 'key'),
    subject: textOf(row, 'subject'),
    id: textOf(row, 'event_id'),
    type: textOf(row, 'type'),
    version: oneOf(row, 'version', VERSIONS),
    source: oneOf(row, 'source', SOURCES),
    raw: bytesOf(row, 'raw'),
    headers: headersOf(row, 'headers'),
    receivedAt: numberOf(row, 'received_ms'),
    started: numberOf(row, 'started'),
    finished: numberOf(row, 'finished'),
    succeeded: namesOf(row, 'succeeded'),
  };
}

/** The webhook that came later, of a row selected with {@link LATER_COLUMNS} from a left join. */
export function readLater(row: Row): LaterWebhook | undefined {
  if (row['later_id'] === null) return undefined;
  return {
    id: textOf(row, 'later_id'),
    version: oneOf(row, 'later_version', VERSIONS),
    raw: bytesOf(row, 'later_raw'),
    headers: headersOf(row, 'later_headers'),
    receivedAt: numberOf(row, 'later_ms'),
  };
}

/** A row selected with {@link storedColumns}. */
export function readStored(row: Row): StoredDelivery {
  const lastError = row['last_error'];
  return {
    ...readDelivery(row),
    state: oneOf(row, 'state', STATES),
    recordedAt: numberOf(row, 'recorded_ms'),
    at: numberOf(row, 'at_ms'),
    ...(typeof lastError === 'string' ? { lastError } : {}),
    ...(numberOf(row, 'unhandled') === 1 ? { unhandled: true } : {}),
  };
}
