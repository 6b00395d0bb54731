import { randomUUID } from 'node:crypto';
import {
  arrivalOf,
  holderMark,
  readNumber,
  readState,
  storableText,
  type NewDelivery,
  type RecordOptions,
  type RecordOutcome,
} from '@qbitflow/core/store';
import { keyHash, RECORDED, recordedValues, WEBHOOK, webhookValues } from './codec.js';
import type { Connection } from './connection.js';
import { checks, STORE } from './options.js';

const { delayMs } = checks;

const IS_TOMBSTONE = `EXISTS (SELECT 1 FROM {deliveries}_keys WHERE hash = ?)
    OR EXISTS (SELECT 1 FROM {deliveries}_gone WHERE key = ?)`;

/**
 * SQL that keeps a delivery whose key is new: that of a tombstone counts as no key at all, which the table refuses. With
 * a condition in a SELECT it would take a fifth longer; how a delivery begins is written out for the same reason.
 */
const insert = (
  beginning: string,
): string => `INSERT OR IGNORE INTO {deliveries} (key, ${RECORDED.columns},
    at, changed_at, recorded_at, state, lane, head, unhandled, started, counted, last_error, token)
  VALUES (CASE WHEN ${IS_TOMBSTONE} THEN NULL ELSE ? END, ${RECORDED.places}, ?, ?, ?, ${beginning})`;
const INSERT = {
  due: insert("'due', 0, 1, 0, 0, 0, NULL, NULL"),
  running: insert("'running', NULL, 0, 0, 1, 1, NULL, ?"),
  dead: insert("'dead', NULL, 0, 0, 0, 0, ?, NULL"),
  done: insert("'done', NULL, 0, 1, 0, 0, ?, NULL"),
} as const;

const TOMBSTONE = `SELECT 1 AS found WHERE ${IS_TOMBSTONE}`;
const KNOWN = 'SELECT seq, state, source FROM {deliveries} WHERE key = ?';
const COUNT = 'UPDATE {deliveries} SET duplicates = duplicates + 1 WHERE seq = ?';
const KEEP_BESIDE = `INSERT OR IGNORE INTO {deliveries}_webhooks (seq, ${WEBHOOK.columns})
  VALUES (?, ${WEBHOOK.places})`;

/** Keeps a delivery, due at once, taken, dead or done on arrival, unless its key is known. */
export function record(
  db: Connection,
  now: number,
  delivery: NewDelivery,
  options: RecordOptions | undefined,
): RecordOutcome {
  const { key } = delivery;
  const hash = keyHash(key);
  const { state, readyIn, last, token } = beginningOf(delivery, options);
  const times = [now + readyIn, now, now];
  const values = [hash, key, key, ...recordedValues(delivery), ...times, ...last];
  if (db.run(INSERT[state], values) === 0) return duplicate(db, delivery, hash);
  if (token === undefined) return { status: 'recorded' };
  return { status: 'recorded', taken: { token, dueSince: now } };
}

/** How a delivery begins: `readyIn` ms from now its time has come, or its lease ends; `last` goes in its last column. */
interface Beginning {
  readonly state: keyof typeof INSERT;
  readonly readyIn: number;
  readonly last: readonly string[];
  readonly token?: string;
}

function beginningOf(delivery: NewDelivery, options: RecordOptions | undefined): Beginning {
  const { state, reason } = arrivalOf(delivery);
  if (reason !== undefined) return { state, readyIn: 0, last: [storableText(reason)] };
  if (options?.leaseMs === undefined) return { state, readyIn: 0, last: [] };
  const token = randomUUID() + holderMark(STORE, options.holder);
  return { state: 'running', readyIn: delayMs('leaseMs', options.leaseMs), last: [token], token };
}

/** What is known of the key already; while its body is kept, it is counted how often it came again. */
function duplicate(db: Connection, delivery: NewDelivery, hash: Uint8Array): RecordOutcome {
  const { key, source, dead } = delivery;
  const [known] = db.all(KNOWN, [key]);
  if (known === undefined) return knownByKeyAlone(db, hash, key);
  const seq = readNumber('seq', known['seq']);
  db.run(COUNT, [seq]);
  const isFuller = source === 'webhook' && known['source'] !== 'webhook' && dead === undefined;
  if (isFuller) db.run(KEEP_BESIDE, [seq, ...webhookValues(delivery)]);
  return { status: 'duplicate', state: readState(known['state']) };
}

/** A tombstone. Whatever else the table refused must not pass for one. */
function knownByKeyAlone(db: Connection, hash: Uint8Array, key: string): RecordOutcome {
  if (db.all(TOMBSTONE, [hash, key]).length > 0) return { status: 'duplicate', state: 'done' };
  throw new Error('the table refused the delivery: one of its fields is missing or null');
}
