import { randomUUID } from 'node:crypto';
import type { TakenDelivery, TakeOptions } from '@qbitflow/core';
import { choose } from './choose.js';
import type { Connection } from './connection.js';
import type { Row } from './driver/driver.js';
import { webhookOf } from './later-webhook.js';
import { countOf, waitMs } from './numbers.js';
import { COLUMNS, deliveryOf, integer, namesOf } from './row.js';
import { NOW, OUT_OF_LINE } from './schema.js';

/** Most whose time has come that are put in line by one step, which holds up the event loop for some 10 µs each. */
const RIPEN_AT_ONCE = 250;

const ripe = (state: string): string =>
  `SELECT * FROM (SELECT seq, at FROM {deliveries} WHERE state = '${state}' AND lane IS NULL AND at <= ${NOW} ORDER BY at LIMIT ?)`;
const RIPEN = `UPDATE {deliveries} SET lane = (started > finished), head = 1 WHERE seq IN (
  SELECT seq FROM (${ripe('due')} UNION ALL ${ripe('running')}) ORDER BY at LIMIT ?)`;
const SELECT = `SELECT ${COLUMNS}, raw FROM {deliveries} WHERE seq IN (SELECT value FROM json_each(?)) ORDER BY at, seq`;
const TAKE = `UPDATE {deliveries}
  SET state = 'running', token = ? || seq, at = ${NOW} + ?, changed_at = ${NOW}, ${OUT_OF_LINE},
      counted = (started <= finished), started = started + (started <= finished)
  WHERE seq IN (SELECT value FROM json_each(?))`;

/** What one step took, and whether another may find more. */
export interface Batch {
  readonly taken: readonly TakenDelivery[];
  readonly goOn: boolean;
}

/**
 * Puts in line whose time has come, a retry's or a lapsed lease's, and takes from there, oldest due first. All of it
 * runs under the write lock: nobody else takes in between. A token is this taking's UUID with the row's number.
 */
export function takeDue(db: Connection, options: TakeOptions): Batch {
  const leaseMs = waitMs('leaseMs', options.leaseMs);
  const limit = countOf('limit', options.limit);
  if (limit === 0) return { taken: [], goOn: false };
  const atOnce = Math.max(limit, RIPEN_AT_ONCE);
  const ripened = db.run(RIPEN, [atOnce, atOnce, atOnce]);
  const { chosen, more } = choose(db, { ...options, limit });
  if (chosen.length === 0) return { taken: [], goOn: more || ripened === atOnce };
  return { taken: take(db, chosen, leaseMs), goOn: false };
}

function take(db: Connection, chosen: readonly number[], leaseMs: number): TakenDelivery[] {
  const numbers = JSON.stringify(chosen);
  const rows = db.all(SELECT, [numbers]);
  const taking = `${randomUUID()}:`;
  db.run(TAKE, [taking, leaseMs, numbers]);
  return rows.map((row) => ({ ...takenOf(row, taking), ...webhookOf(db, row) }));
}

function takenOf(row: Row, taking: string): TakenDelivery {
  const started = integer(row, 'started');
  const finished = integer(row, 'finished');
  const lapsed = started > finished;
  return {
    ...deliveryOf(row),
    token: `${taking}${integer(row, 'seq')}`,
    started: lapsed ? started : started + 1,
    finished,
    lapsed,
    dueSince: integer(row, 'due_since'),
    succeeded: namesOf(row),
  };
}
