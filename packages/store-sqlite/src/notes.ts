import {
  checkNote,
  MOST_NOTES,
  readNumber,
  readText,
  storableText,
  type GivenNote,
  type StoreNote,
} from '@qbitflow/core/store';
import type { Connection } from './connection.js';
import { STORE } from './options.js';
import { NOW } from './schema.js';

const SWEEP = `DELETE FROM {deliveries}_notes WHERE until <= ${NOW}`;
const TAKE_BACK = 'DELETE FROM {deliveries}_notes WHERE name = ?';
const PUT = `INSERT OR REPLACE INTO {deliveries}_notes (name, text, at, until) VALUES (?, ?, ${NOW}, ${NOW} + ?)`;
// No name has a character above `~`.
const NOTES = `SELECT name, text, at FROM {deliveries}_notes
  WHERE name >= ? AND name < ? || char(127) AND until > ${NOW} ORDER BY name LIMIT ${MOST_NOTES}`;

/** Keeps a text under a name for a while (for no time takes it back), and sweeps those whose time is over. */
export function putNote(db: Connection, note: GivenNote): void {
  const keepMs = checkNote(STORE, note);
  db.run(SWEEP, []);
  if (keepMs === 0) {
    db.run(TAKE_BACK, [note.name]);
    return;
  }
  db.run(PUT, [note.name, storableText(note.text), keepMs]);
}

/** What is kept under names that begin alike, whose time is not over. */
export function notes(db: Connection, prefix: string): readonly StoreNote[] {
  return db.all(NOTES, [prefix, prefix]).map((row) => ({
    name: readText('name', row['name']),
    text: readText('text', row['text']),
    at: readNumber('at', row['at']),
  }));
}
