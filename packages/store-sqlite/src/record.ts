import type { NewDelivery, RecordOutcome } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { reasonText } from './reason.js';
import { stateOf } from './row.js';
import { NOW } from './schema.js';

const INSERT = `INSERT INTO {deliveries}
  (key, state, last_error, subject, id, type, version, source, received_at, headers, raw, at, changed_at, recorded_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ifnull(?, x''), ${NOW}, ${NOW}, ${NOW}) ON CONFLICT (key) DO NOTHING`;
const STATE = 'SELECT state FROM {deliveries} WHERE key = ?';

/** Keeps a delivery, due at once or dead on arrival, unless its key is known. */
export function record(db: Connection, delivery: NewDelivery): RecordOutcome {
  const { key, subject, id, type, version, source, receivedAt, headers, raw, dead } = delivery;
  const facts = [subject, id, type, version, source, receivedAt, JSON.stringify(headers), raw];
  const state = dead === undefined ? 'due' : 'dead';
  if (db.run(INSERT, [key, state, dead === undefined ? null : reasonText(dead), ...facts]) > 0)
    return { status: 'recorded' };
  const [known] = db.all(STATE, [key]);
  if (known === undefined) throw new Error('a key was known and was gone in one transaction');
  return { status: 'duplicate', state: stateOf(known) };
}
