import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { describeOnPostgres } from '../support/postgres.js';

const run = promisify(execFile);
const DELIVERIES = 400;

interface Report {
  readonly recorded: number;
  readonly completed: readonly string[];
}

await describeOnPostgres(
  'three processes that record and work off the same deliveries',
  (database) => {
    test('record each once and complete each once', { timeout: 60_000 }, async () => {
      // A schema of its own: the three migrate it at once, too.
      const schema = `${database.schema}_processes`;
      const args = [join(import.meta.dirname, 'worker.mjs'), database.url, schema, `${DELIVERIES}`];
      const outputs = await Promise.all([1, 2, 3].map(async () => run(process.execPath, args)));
      const reports = outputs.map(({ stdout }) => JSON.parse(stdout) as Report);
      const recorded = reports.reduce((sum, report) => sum + report.recorded, 0);
      const completed = reports.flatMap((report) => report.completed);
      expect(recorded).toBe(DELIVERIES);
      expect(completed).toHaveLength(DELIVERIES);
      expect(new Set(completed).size).toBe(DELIVERIES);
      const rows = await database.sql(
        `SELECT state, min(started) AS fewest, max(started) AS most, count(*)::int AS count FROM "${schema}".delivery GROUP BY state`,
      );
      expect(rows).toEqual([{ state: 'done', fewest: 1, most: 1, count: DELIVERIES }]);
      await database.sql(`DROP SCHEMA "${schema}" CASCADE`);
    });
  },
);
