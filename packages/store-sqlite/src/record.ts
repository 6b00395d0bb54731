import type { NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { keyHash } from './key-hash.js';
import { reasonText } from './reason.js';
import { integer, stateOf } from './row.js';
import { NOW } from './schema.js';

const IS_TOMBSTONE = `EXISTS (SELECT 1 FROM {deliveries}_keys WHERE hash = ?)
    OR EXISTS (SELECT 1 FROM {deliveries}_gone WHERE key = ?)`;

/**
 * SQL that keeps a delivery whose key is new: that of a tombstone counts as no key at all, which the table refuses. With
 * a condition in a SELECT it would take a fifth longer; how a delivery begins is written out for the same reason.
 */
const insert = (
  beginning: string,
): string => `INSERT OR IGNORE INTO {deliveries} (key, subject, id, type, version,
    source, received_at, headers, raw, state, lane, head, unhandled, last_error, at, changed_at, recorded_at)
  VALUES (CASE WHEN ${IS_TOMBSTONE} THEN NULL ELSE ? END, ?, ?, ?, ?, ?, ?, ?, ifnull(?, x''), ${beginning},
    ${NOW}, ${NOW}, ${NOW})`;
const DUE = insert("'due', 0, 1, 0, NULL");
const DEAD = insert("'dead', NULL, 0, 0, ?");
const UNHANDLED = insert("'done', NULL, 0, 1, ?");

const TOMBSTONE = `SELECT 1 AS found WHERE ${IS_TOMBSTONE}`;
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
  const hash = keyHash(key);
  if (db.run(sql, [hash, key, ...facts, ...why]) > 0) return { status: 'recorded' };
  const [known] = db.all(KNOWN, [key]);
  if (known === undefined) return knownByKeyAlone(db, hash, key);
  const isFuller = source === 'webhook' && known['source'] !== 'webhook' && dead === undefined;
  if (isFuller) keepBeside(db, integer(known, 'seq'), delivery);
  return { status: 'duplicate', state: stateOf(known) };
}

/** A tombstone. Whatever else the table refused must not pass for one. */
function knownByKeyAlone(db: Connection, hash: Uint8Array, key: string): RecordOutcome {
  if (db.all(TOMBSTONE, [hash, key]).length > 0) return { status: 'duplicate', state: 'done' };
  throw new Error('the table refused the delivery: one of its fields is missing or null');
}

function keepBeside(db: Connection, seq: number, delivery: NewDelivery): void {
  const { id, version, receivedAt, raw } = delivery;
  db.run(KEEP_BESIDE, [seq, id, version, receivedAt, headersOf(delivery), raw]);
}

function headersOf({ headers }: NewDelivery): string {
  return JSON.stringify(headers);
}
