import type { TakeOptions, TypeFilter } from '@qbitflow/core';
import type { Connection } from './connection.js';
import type { Row } from './driver/driver.js';
import { countOf } from './numbers.js';
import { integer, text } from './row.js';

/** Lanes of the line: what may be taken, and what an earlier start never finished. */
const FRESH = 0;
const LAPSED = 1;

const WANTED = `SELECT DISTINCT value AS type FROM json_each(?)
  WHERE EXISTS (SELECT 1 FROM {deliveries} WHERE head = 1 AND type = value)`;
// From one type to the next along the index: a thousand heads of one type are one step.
const PRESENT = `WITH RECURSIVE present (type) AS (
    SELECT min(type) FROM {deliveries} WHERE head = 1
    UNION ALL
    SELECT (SELECT min(type) FROM {deliveries} WHERE head = 1 AND type > present.type) FROM present WHERE type IS NOT NULL
  ) SELECT type FROM present WHERE type IS NOT NULL`;
const HEADS = `SELECT seq, at, subject, lane FROM {deliveries}
  WHERE head = 1 AND type = ? AND lane = ? AND subject NOT IN (SELECT value FROM json_each(?))
  ORDER BY at, seq LIMIT ?`;

/** The numbers of those to take: the oldest heads of the wanted types, one a subject, of no excluded subject. */
export function choose(db: Connection, options: TakeOptions): readonly number[] {
  const { limit, types, exceptSubjects = [] } = options;
  const lapsedLimit = Math.min(limit, countOf('lapsedLimit', options.lapsedLimit ?? limit));
  const except = JSON.stringify(exceptSubjects);
  const rows = typesInLine(db, types).flatMap((type) => [
    ...db.all(HEADS, [type, FRESH, except, limit]),
    ...(lapsedLimit > 0 ? db.all(HEADS, [type, LAPSED, except, lapsedLimit]) : []),
  ]);
  return oneASubject(rows.toSorted(byAge), { limit, lapsedLimit });
}

/** Which of the wanted types anything in line is of. */
export function typesInLine(db: Connection, types: TypeFilter | undefined): readonly string[] {
  if (types !== undefined && 'only' in types)
    return db.all(WANTED, [JSON.stringify(types.only)]).map((row) => text(row, 'type'));
  const unwanted = new Set(types?.except);
  return db.all(PRESENT).flatMap((row) => {
    const type = text(row, 'type');
    return unwanted.has(type) ? [] : [type];
  });
}

function byAge(one: Row, other: Row): number {
  return integer(one, 'at') - integer(other, 'at') || integer(one, 'seq') - integer(other, 'seq');
}

function oneASubject(
  rows: readonly Row[],
  { limit, lapsedLimit }: { readonly limit: number; readonly lapsedLimit: number },
): readonly number[] {
  const subjects = new Set<string>();
  const chosen: number[] = [];
  let lapsed = 0;
  for (const row of rows) {
    const subject = text(row, 'subject');
    const isLapsed = integer(row, 'lane') === LAPSED;
    if (subjects.has(subject) || (isLapsed && lapsed >= lapsedLimit)) continue;
    if (isLapsed) lapsed += 1;
    subjects.add(subject);
    chosen.push(integer(row, 'seq'));
    if (chosen.length === limit) break;
  }
  return chosen;
}
