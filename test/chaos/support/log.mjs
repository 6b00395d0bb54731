import { readFileSync } from 'node:fs';

/**
 * The receivers' common log in the order in which it was written: handler successes, and notes (`note`) of what became
 * of deliveries. A line that a kill cut off is left out.
 */
export function readLog(file) {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text) => parsed(text));
}

function parsed(text) {
  try {
    return text === '' ? [] : [JSON.parse(text)];
  } catch {
    return [];
  }
}

/** The handler successes among the lines. */
export const successesIn = (lines) => lines.filter(({ note }) => note === undefined);

/** The notes of one kind among the lines. */
export const notesIn = (lines, kind) => lines.filter(({ note }) => note === kind);
