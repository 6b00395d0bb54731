import type { Row } from './pg-types.js';

/** Rows as the driver gave them, checked to hold texts and nulls only. */
export function readRows(rows: readonly unknown[]): readonly Row[] {
  return rows.filter(isRow);
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null;
}

/** A column that is never null. */
export function textOf(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw new Error(`column ${column} came back as ${value === null ? 'null' : typeof value}`);
}

/** A column that holds a number. */
export function numberOf(row: Row, column: string): number {
  return Number(textOf(row, column));
}

/** A column that holds a list of names as JSON. */
export function namesOf(row: Row, column: string): readonly string[] {
  const parsed: unknown = JSON.parse(textOf(row, column));
  return Array.isArray(parsed) ? parsed.filter((name) => typeof name === 'string') : [];
}

/** A column that holds an object of texts as JSON. */
export function headersOf(row: Row, column: string): Readonly<Record<string, string>> {
  const parsed: unknown = JSON.parse(textOf(row, column));
  const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : [];
  return Object.fromEntries(
    entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A column that holds bytes in base64. */
export function bytesOf(row: Row, column: string): Uint8Array {
  return Buffer.from(textOf(row, column), 'base64');
}

/** A column that must be one of a few words. */
export function oneOf<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = textOf(row, column);
  const word = words.find((candidate) => candidate === value);
  if (word === undefined) throw new Error(`column ${column} holds an unknown word: ${value}`);
  return word;
}
