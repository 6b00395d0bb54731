import type { NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { Connection } from './connection.js';
import type { Value } from './driver/driver.js';
import { keyHash } from './key-hash.js';
import { reasonText } from './reason.js';
import { stateOf } from './row.js';
import { NOW } from './schema.js';

const NEW = `SELECT ? AS key, ? AS state, ? AS lane, ? AS unhandled, ? AS last_error, ? AS subject, ? AS id, ? AS type,
  ? AS version, ? AS source, ? AS received_at, ? AS headers, ifnull(?, x'') AS raw`;
// The first of its line goes to the head of it; whoever comes later waits behind.
const INSERT = `INSERT INTO {deliveries} (key, state, lane, unhandled, last_error, subject, id, type, version, source,
    received_at, headers, raw, at, changed_at, recorded_at, head)
  SELECT new.*, ${NOW}, ${NOW}, ${NOW}, lane IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM {deliveries} AS other
    WHERE other.subject = new.subject AND other.type = new.type AND other.lane = new.lane)
  FROM (${NEW}) AS new
  WHERE NOT EXISTS (SELECT 1 FROM {deliveries}_keys WHERE hash = ?)
    AND NOT EXISTS (SELECT 1 FROM {deliveries}_gone AS gone WHERE gone.key = new.key)
  ON CONFLICT (key) DO NOTHING`;
const KNOWN = 'SELECT seq, state, source FROM {deliveries} WHERE key = ?';
const KEEP_BESIDE = `INSERT OR IGNORE INTO {deliveries}_webhooks (seq, id, version, received_at, headers, raw)
  VALUES (?, ?, ?, ?, ?, ifnull(?, x''))`;

/** Keeps a delivery, due at once, dead or done on arrival, unless its key is known. */
export function record(db: Connection, delivery: NewDelivery): RecordOutcome {
  const { key, subject, id, type, version, source, receivedAt, raw } = delivery;
  const facts = [subject, id, type, version, source, receivedAt, headersOf(delivery), raw];
  if (db.run(INSERT, [key, ...beginningOf(delivery), ...facts, keyHash(key)]) > 0)
    return { status: 'recorded' };
  const [known] = db.all(KNOWN, [key]);
  // A tombstone: the body is gone, the key stays.
  if (known === undefined) return { status: 'duplicate', state: 'done' };
  const isFuller = source === 'webhook' && known['source'] !== 'webhook';
  if (isFuller && delivery.dead === undefined)
    db.run(KEEP_BESIDE, [Number(known['seq']), id, version, receivedAt, headersOf(delivery), raw]);
  return { status: 'duplicate', state: stateOf(known) };
}

/** State, lane, whether unhandled, and why. */
function beginningOf({ dead, unhandled }: NewDelivery): readonly Value[] {
  if (dead !== undefined) return ['dead', null, 0, reasonText(dead)];
  if (unhandled !== undefined) return ['done', null, 1, reasonText(unhandled)];
  return ['due', 0, 0, null];
}

function headersOf({ headers }: NewDelivery): string {
  return JSON.stringify(headers);
}
