import type { TypeFilter } from '@qbitflow/core';
import type { Connection } from './connection.js';
import { text } from './row.js';

const WANTED = `SELECT DISTINCT value AS type FROM json_each(?)
  WHERE EXISTS (SELECT 1 FROM {deliveries} WHERE head = 1 AND type = value)`;
// From one type to the next along the index: a thousand heads of one type are one step.
const PRESENT = `WITH RECURSIVE present (type) AS (
    SELECT min(type) FROM {deliveries} WHERE head = 1
    UNION ALL
    SELECT (SELECT min(type) FROM {deliveries} WHERE head = 1 AND type > present.type) FROM present WHERE type IS NOT NULL
  ) SELECT type FROM present WHERE type IS NOT NULL`;

/** Which of the wanted types anything in line is of. */
export function typesInLine(db: Connection, types: TypeFilter | undefined): readonly string[] {
  if (types !== undefined && 'only' in types)
    return db.all(WANTED, [JSON.stringify(types.only)]).map((row) => text(row, 'type'));
  const unwanted = new Set(types?.except);
  return db
    .all(PRESENT)
    .map((row) => text(row, 'type'))
    .filter((type) => !unwanted.has(type));
}
