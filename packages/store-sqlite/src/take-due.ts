import { randomUUID } from 'node:crypto';
import type { TakenDelivery, TakeOptions } from '@qbitflow/core';
import type { Connection } from './connection.js';
import type { Row } from './driver/driver.js';
import { COLUMNS, deliveryOf, integer, namesOf } from './row.js';
import { NOW } from './schema.js';

// Two walks along the index, each stopping after `limit`: one over both states would sort everything that is due.
const due = (state: string): string =>
  `SELECT * FROM (SELECT seq, at FROM {deliveries} WHERE state = '${state}' AND at <= ${NOW} ORDER BY at, seq LIMIT ?)`;
const OLDEST = `SELECT seq FROM (${due('due')} UNION ALL ${due('running')}) ORDER BY at, seq LIMIT ?`;
const SELECT = `SELECT ${COLUMNS}, raw FROM {deliveries} WHERE seq IN (${OLDEST}) ORDER BY at, seq`;
const TAKE = `UPDATE {deliveries}
  SET state = 'running', token = ? || seq, at = ${NOW} + ?, changed_at = ${NOW},
      counted = (started <= finished), started = started + (started <= finished)
  WHERE seq IN (SELECT value FROM json_each(?))`;

/**
 * Takes what is due and what a lapsed lease gives free, oldest due first. Both statements run under the write lock:
 * nobody else takes in between. A token is this taking's UUID with the row's number.
 */
export function takeDue(db: Connection, { limit, leaseMs }: TakeOptions): readonly TakenDelivery[] {
  if (limit <= 0) return [];
  const rows = db.all(SELECT, [limit, limit, limit]);
  if (rows.length === 0) return [];
  const taking = `${randomUUID()}:`;
  const numbers = rows.map((row) => integer(row, 'seq'));
  db.run(TAKE, [taking, leaseMs, JSON.stringify(numbers)]);
  return rows.map((row) => takenOf(row, taking));
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
    succeeded: namesOf(row),
  };
}
