import { checkNote, MOST_NOTES, readNumber, readText, type StoreNote } from '@qbitflow/core/store';
import type { Connection } from './connection.js';
import { STORE } from './options.js';
import { NOW } from './schema.js';

const SWEEP = `DELETE FROM {deliveries}_notes WHERE until <= ${NOW}`;
const PUT = `INSERT OR REPLACE INTO {deliveries}_notes (name, text, at, until) VALUES (?, ?, ${NOW}, ${NOW} + ?)`;
// No name has a character above `~`.
const NOTES = `SELECT name, text, at FROM {deliveries}_notes
  WHERE name >= ? AND name < ? || char(127) AND until > ${NOW} ORDER BY name LIMIT ${MOST_NOTES}`;

/** Keeps a text under a name for a while, and sweeps those whose time is over. */
export function putNote(db: Connection, name: string, { text, keepMs }: NoteText): void {
  const values = [name, text, checkNote(STORE, { name, text, keepMs })];
  db.run(SWEEP, []);
  db.run(PUT, values);
}

/** What a note says, and for how long it is kept. */
export interface NoteText {
  readonly text: string;
  readonly keepMs: number;
}

/** What is kept under names that begin alike, whose time is not over. */
export function notes(db: Connection, prefix: string): readonly StoreNote[] {
  return db.all(NOTES, [prefix, prefix]).map((row) => ({
    name: readText('name', row['name']),
    text: readText('text', row['text']),
    at: readNumber('at', row['at']),
  }));
}
