import type { NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { keyHash } from './key-hash.js';
import { reasonText } from './reason.js';
import { integer, stateOf } from './row.js';
import { NOW } from './schema.js';

/** SQL that keeps a delivery whose key is new; how it begins is written out, so that less is bound on the hot path. */
const insert = (
  beginning: string,
): string => `INSERT INTO {deliveries} (key, subject, id, type, version, source,
    received_at, headers, raw, state, lane, head, unhandled, last_error, at, changed_at, recorded_at)
  SELECT ?, ?, ?, ?, ?, ?, ?, ?, ifnull(?, x''), ${beginning}, ${NOW}, ${NOW}, ${NOW}
  WHERE NOT EXISTS (SELECT 1 FROM {deliveries}_keys WHERE hash = ?)
    AND NOT EXISTS (SELECT 1 FROM {deliveries}_gone WHERE key = ?)
  ON CONFLICT (key) DO NOTHING`;
const DUE = insert("'due', 0, 1, 0, NULL");
const DEAD = insert("'dead', NULL, 0, 0, ?");
const UNHANDLED = insert("'done', NULL, 0, 1, ?");

const KNOWN = 'SELECT seq, state, source FROM {deliveries} WHERE key = ?';
const KEEP_BESIDE = `INSERT OR IGNORE INTO {deliveries}_webhooks (seq, id, version, received_at, headers, raw)
  VALUES (?, ?, ?, ?, ?, ifnull(?, x''))`;

/** Keeps a delivery, due at once, dead or done on arrival, unless its key is known. */
export function record(db: Connection, delivery: NewDelivery): RecordOutcome {
  const { key, subject, id, type, version, source, receivedAt, raw, dead, unhandled } = delivery;
  const facts = [key, subject, id, type, version, source, receivedAt, headersOf(delivery), raw];
  const sql = dead !== undefined ? DEAD : unhandled !== undefined ? UNHANDLED : DUE;
  const reason = dead ?? unhandled;
  const why = reason === undefined ? [] : [reasonText(reason)];
  if (db.run(sql, [...facts, ...why, keyHash(key), key]) > 0) return { status: 'recorded' };
  const [known] = db.all(KNOWN, [key]);
  // A tombstone: the body is gone, the key stays.
  if (known === undefined) return { status: 'duplicate', state: 'done' };
  const isFuller = source === 'webhook' && known['source'] !== 'webhook' && dead === undefined;
  if (isFuller) keepBeside(db, integer(known, 'seq'), delivery);
  return { status: 'duplicate', state: stateOf(known) };
}

function keepBeside(db: Connection, seq: number, delivery: NewDelivery): void {
  const { id, version, receivedAt, raw } = delivery;
  db.run(KEEP_BESIDE, [seq, id, version, receivedAt, headersOf(delivery), raw]);
}

function headersOf({ headers }: NewDelivery): string {
  return JSON.stringify(headers);
}
