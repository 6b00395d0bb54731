import { checkNote, MOST_NOTES, readText, type DurableStore } from '@qbitflow/core/store';
import { inMs, numberOf } from './codec.js';
import type { Database } from './database.js';
import { STORE } from './errors.js';

/** Most whose time is over that one new note sweeps along. */
const SWEPT_AT_ONCE = 1_000;

/** Keeps a text under a name for a while (for no time takes it back), and sweeps those whose time is over. */
export function putNote(database: Database): Required<DurableStore>['putNote'] {
  const { notes: table } = database.names;
  const text = `WITH swept AS (
  DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
    SELECT ctid FROM ${table} WHERE until <= now() AND name <> $1 LIMIT ${SWEPT_AT_ONCE} FOR UPDATE SKIP LOCKED))
)
INSERT INTO ${table} (name, text, at, until) VALUES ($1, $2, now(), now() + $3::float8 * interval '1 ms')
ON CONFLICT (name) DO UPDATE SET text = excluded.text, at = excluded.at, until = excluded.until`;
  const takeBack = `DELETE FROM ${table} WHERE name = $1`;
  return async (name, note, { keepMs }) => {
    const values = [name, note, checkNote(STORE, { name, text: note, keepMs })];
    if (values[2] === 0) {
      await database.run({ action: 'take a note back', text: takeBack, values: [name] });
      return;
    }
    await database.run({ action: 'keep a note', text, values });
  };
}

/** What is kept under names that begin alike, whose time is not over. No name has a character above `~`. */
export function notes(database: Database): Required<DurableStore>['notes'] {
  const text = `SELECT name, text, ${inMs('at')} AS at_ms FROM ${database.names.notes}
WHERE name >= $1 AND name < $1 || chr(127) AND until > now() ORDER BY name LIMIT ${MOST_NOTES}`;
  return async (prefix) => {
    const rows = await database.run({ action: 'read notes', text, values: [prefix] });
    return rows.map((row) => ({
      name: readText('name', row['name']),
      text: readText('text', row['text']),
      at: numberOf(row, 'at_ms'),
    }));
  };
}
