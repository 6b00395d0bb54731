import type { SqliteHandle } from '../../src/index.js';
import { rowsOf } from './handles.js';

const TIMES: Readonly<Record<string, readonly string[]>> = {
  qbitflow_deliveries: ['at', 'changed_at', 'recorded_at', 'due_since'],
  qbitflow_deliveries_keys: ['at'],
  qbitflow_deliveries_notes: ['at', 'until'],
  qbitflow_deliveries_gone: ['at'],
  qbitflow_deliveries_schema: ['born_at', 'forgot_at'],
};

/**
 * Turns the clock that the store looks at: SQLite's cannot be turned, so everything it was written down by is moved the
 * other way. What keeps the line must not notice.
 */
export function turnClock(handle: SqliteHandle, byMs: number): void {
  const [trigger] = rowsOf(
    handle,
    "SELECT sql FROM sqlite_master WHERE name = 'qbitflow_deliveries_strays'",
  );
  handle.exec('BEGIN IMMEDIATE; DROP TRIGGER qbitflow_deliveries_strays');
  for (const [table, columns] of Object.entries(TIMES))
    handle.exec(
      `UPDATE ${table} SET ${columns.map((column) => `${column} = ${column} - (${byMs})`).join()}`,
    );
  handle.exec(`${String(Reflect.get(Object(trigger), 'sql'))}; COMMIT`);
}
