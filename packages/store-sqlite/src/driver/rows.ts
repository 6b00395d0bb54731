import type { Row } from './driver.js';

/** Rows as every driver gives them, told from anything else. */
export function rowsOf(rows: readonly unknown[]): readonly Row[] {
  return rows.filter(isRow);
}

function isRow(row: unknown): row is Row {
  return typeof row === 'object' && row !== null;
}
