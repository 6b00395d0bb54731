import {
  arrivalOf,
  readNumber,
  readState,
  storableText,
  type NewDelivery,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { keyHash, RECORDED, recordedValues, WEBHOOK, webhookValues } from './codec.js';
import type { Connection } from './connection.js';
import { NOW } from './schema.js';

const IS_TOMBSTONE = `EXISTS (SELECT 1 FROM {deliveries}_keys WHERE hash = ?)
    OR EXISTS (SELECT 1 FROM {deliveries}_gone WHERE key = ?)`;

/**
 * SQL that keeps a delivery whose key is new: that of a tombstone counts as no key at all, which the table refuses. With
 * a condition in a SELECT it would take a fifth longer; how a delivery begins is written out for the same reason.
 */
const insert = (
  beginning: string,
): string => `INSERT OR IGNORE INTO {deliveries} (key, ${RECORDED.columns},
    state, lane, head, unhandled, last_error, at, changed_at, recorded_at)
  VALUES (CASE WHEN ${IS_TOMBSTONE} THEN NULL ELSE ? END, ${RECORDED.places}, ${beginning},
    ${NOW}, ${NOW}, ${NOW})`;
const INSERT = {
  due: insert("'due', 0, 1, 0, NULL"),
  dead: insert("'dead', NULL, 0, 0, ?"),
  done: insert("'done', NULL, 0, 1, ?"),
} as const;

const TOMBSTONE = `SELECT 1 AS found WHERE ${IS_TOMBSTONE}`;
const KNOWN = 'SELECT seq, state, source FROM {deliveries} WHERE key = ?';
const KEEP_BESIDE = `INSERT OR IGNORE INTO {deliveries}_webhooks (seq, ${WEBHOOK.columns})
  VALUES (?, ${WEBHOOK.places})`;

/** Keeps a delivery, due at once, dead or done on arrival, unless its key is known. */
export function record(db: Connection, delivery: NewDelivery): RecordOutcome {
  const { key, source, dead } = delivery;
  const { state, reason } = arrivalOf(delivery);
  const why = reason === undefined ? [] : [storableText(reason)];
  const hash = keyHash(key);
  const values = [hash, key, key, ...recordedValues(delivery), ...why];
  if (db.run(INSERT[state], values) > 0) return { status: 'recorded' };
  const [known] = db.all(KNOWN, [key]);
  if (known === undefined) return knownByKeyAlone(db, hash, key);
  const isFuller = source === 'webhook' && known['source'] !== 'webhook' && dead === undefined;
  if (isFuller) db.run(KEEP_BESIDE, [readNumber('seq', known['seq']), ...webhookValues(delivery)]);
  return { status: 'duplicate', state: readState(known['state']) };
}

/** A tombstone. Whatever else the table refused must not pass for one. */
function knownByKeyAlone(db: Connection, hash: Uint8Array, key: string): RecordOutcome {
  if (db.all(TOMBSTONE, [hash, key]).length > 0) return { status: 'duplicate', state: 'done' };
  throw new Error('the table refused the delivery: one of its fields is missing or null');
}
