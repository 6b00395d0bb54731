import { hash } from 'node:crypto';
import {
  holderOf,
  readNumber,
  readStored,
  readTaken,
  storableText,
  type NewDelivery,
  type RecordedFields,
  type StoredDelivery,
  type TakenDelivery,
  type WebhookFields,
} from '@qbitflow/core/store';
import type { Connection } from './connection.js';
import type { Row, Value } from './driver.js';

/** What every reader of deliveries selects; the body is selected by those who need it. */
export const COLUMNS =
  'seq, key, state, at, changed_at, recorded_at, received_at, token, started, finished, succeeded, last_error, subject, id, type, version, source, headers, unhandled, ifnull(due_since, recorded_at) AS due_since, reference, duplicates';

/** What is recorded of a delivery besides its key: columns, and their places in a list of VALUES. */
export const RECORDED = {
  columns: 'subject, id, type, version, source, received_at, headers, raw, reference',
  places: "?, ?, ?, ?, ?, ?, ?, ifnull(?, x''), ?",
} as const;

/** Values for {@link RECORDED}. */
export function recordedValues(delivery: NewDelivery): readonly Value[] {
  const { subject, id, type, version, source, receivedAt, headers, raw, reference } = delivery;
  const word = reference === undefined ? null : storableText(reference);
  return [subject, id, type, version, source, receivedAt, JSON.stringify(headers), raw, word];
}

/** What is kept of a webhook that came after a look: columns, and their places in a list of VALUES. */
export const WEBHOOK = {
  columns: 'id, version, received_at, headers, raw',
  places: "?, ?, ?, ?, ifnull(?, x'')",
} as const;

/** Values for {@link WEBHOOK}. */
export function webhookValues({
  id,
  version,
  receivedAt,
  headers,
  raw,
}: NewDelivery): readonly Value[] {
  return [id, version, receivedAt, JSON.stringify(headers), raw];
}

const BESIDE = `SELECT ${WEBHOOK.columns} FROM {deliveries}_webhooks WHERE seq = ?`;

/** The webhook kept beside a delivery that a look had recorded, if one came. */
export function webhookOf(db: Connection, row: Row): WebhookFields | undefined {
  if (row['source'] === 'webhook') return undefined;
  const [beside] = db.all(BESIDE, [numberOf(row, 'seq')]);
  return beside === undefined ? undefined : webhookFieldsOf(beside);
}

/** A row as an operator sees it; `raw` is empty and `attempts` are missing where they were not selected. */
export function storedOf(row: Row, webhook?: WebhookFields): StoredDelivery {
  const { state, started, finished, succeeded, unhandled, reference, duplicates, attempts } = row;
  return readStored({
    ...recordedFieldsOf(row),
    state,
    started,
    finished,
    succeeded,
    unhandled,
    reference,
    duplicates,
    attempts,
    holder: holderOf(row['token']),
    leaseUntil: row['at'],
    webhook,
    recordedAt: row['recorded_at'],
    at: row[state === 'due' ? 'at' : 'changed_at'],
    lastError: row['last_error'],
  });
}

/** A row as its taker gets it, before it was updated: a first start is counted by this taking. */
export function takenOf(
  row: Row,
  { taking, mark }: { readonly taking: string; readonly mark: string },
  webhook: WebhookFields | undefined,
): TakenDelivery {
  const started = numberOf(row, 'started');
  const lapsed = started > numberOf(row, 'finished');
  const { finished, succeeded } = row;
  const fields = {
    ...recordedFieldsOf(row),
    finished,
    succeeded,
    lapsed,
    token: `${taking}${numberOf(row, 'seq')}${mark}`,
    started: lapsed ? started : started + 1,
    dueSince: row['due_since'],
  };
  return readTaken(fields, webhook);
}

function recordedFieldsOf(row: Row): RecordedFields {
  const { key, subject, type, source } = row;
  return { key, subject, type, source, ...webhookFieldsOf(row) };
}

function webhookFieldsOf(row: Row): WebhookFields {
  const { id, version, headers, raw } = row;
  return { id, version, headers, raw, receivedAt: row['received_at'] };
}

function numberOf(row: Row, column: string): number {
  return readNumber(column, row[column]);
}

/** What a tombstone keeps of a key: the first 128 bits of its SHA-256. */
export function keyHash(key: string): Uint8Array {
  // By way of hexadecimal: twice as fast as a buffer of 32 bytes cut to 16.
  return Buffer.from(hash('sha256', key).slice(0, 32), 'hex');
}
