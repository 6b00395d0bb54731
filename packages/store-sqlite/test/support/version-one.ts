import type { SqliteHandle } from '../../src/index.js';
import { openFile } from '../../src/driver.js';

// What the version before wrote and said, word for word: its files are out there, and so are its processes.
const NOW = "CAST(ROUND((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER)";

const SCHEMA = `CREATE TABLE IF NOT EXISTS qbitflow_deliveries_schema (one INTEGER PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL);
CREATE TABLE qbitflow_deliveries (
     seq INTEGER PRIMARY KEY AUTOINCREMENT,
     key TEXT NOT NULL UNIQUE,
     state TEXT NOT NULL CHECK (state IN ('due', 'running', 'done', 'dead')),
     at INTEGER NOT NULL,
     changed_at INTEGER NOT NULL,
     recorded_at INTEGER NOT NULL,
     received_at INTEGER NOT NULL,
     token TEXT,
     started INTEGER NOT NULL DEFAULT 0,
     counted INTEGER NOT NULL DEFAULT 0,
     finished INTEGER NOT NULL DEFAULT 0,
     succeeded TEXT NOT NULL DEFAULT '[]',
     last_error TEXT,
     subject TEXT NOT NULL,
     id TEXT NOT NULL,
     type TEXT NOT NULL,
     version TEXT NOT NULL,
     source TEXT NOT NULL,
     headers TEXT NOT NULL,
     raw BLOB NOT NULL
   );
   CREATE INDEX qbitflow_deliveries_by_state ON qbitflow_deliveries (state, at);
INSERT OR REPLACE INTO qbitflow_deliveries_schema (one, version) VALUES (1, 1);`;

const due = (state: string) =>
  `SELECT * FROM (SELECT seq, at FROM qbitflow_deliveries WHERE state = '${state}' AND at <= ${NOW} ORDER BY at, seq LIMIT 1)`;
const OLDEST = `SELECT seq, key FROM qbitflow_deliveries WHERE seq IN (SELECT seq FROM (${due('due')} UNION ALL ${due('running')}) ORDER BY at, seq LIMIT 1)`;
const CLAIMED = "key = ? AND token = ? AND state = 'running'";

const SAID = {
  insert: `INSERT INTO qbitflow_deliveries
  (key, state, last_error, subject, id, type, version, source, received_at, headers, raw, at, changed_at, recorded_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ifnull(?, x''), ${NOW}, ${NOW}, ${NOW}) ON CONFLICT (key) DO NOTHING`,
  take: `UPDATE qbitflow_deliveries
  SET state = 'running', token = ? || seq, at = ${NOW} + ?, changed_at = ${NOW},
      counted = (started <= finished), started = started + (started <= finished)
  WHERE seq IN (SELECT value FROM json_each(?))`,
  extend: `UPDATE qbitflow_deliveries SET at = ${NOW} + ? WHERE ${CLAIMED}`,
  complete: `UPDATE qbitflow_deliveries
  SET state = 'done', at = ${NOW}, changed_at = ${NOW}, finished = started WHERE ${CLAIMED}`,
  bury: `UPDATE qbitflow_deliveries
  SET state = 'dead', at = ${NOW}, changed_at = ${NOW}, finished = started, last_error = 'hopeless' WHERE ${CLAIMED}`,
  retry: `UPDATE qbitflow_deliveries
  SET state = 'due', at = ${NOW} + ?, changed_at = ${NOW}, last_error = 'x', succeeded = '["a"]',
      finished = iif(?, started, finished), started = started - iif(?, 0, counted)
  WHERE ${CLAIMED}`,
  replay: `UPDATE qbitflow_deliveries
  SET state = 'due', at = ${NOW}, changed_at = ${NOW}, started = 0, counted = 0, finished = 0
  WHERE key = ? AND state = 'dead'`,
  discard: "DELETE FROM qbitflow_deliveries WHERE key = ? AND state = 'dead'",
  prune: `DELETE FROM qbitflow_deliveries WHERE seq IN (
  SELECT seq FROM qbitflow_deliveries WHERE state = 'done' AND at <= ${NOW} - ? ORDER BY at LIMIT ?)`,
} as const;

interface Claim {
  readonly key: string;
  readonly token: string;
}

/** A process of the version before on a file, which it makes where it is missing. */
export interface OldProcess {
  record(name: string, state?: 'due' | 'dead'): boolean;
  take(leaseMs?: number): Claim | undefined;
  extend(claim: Claim, leaseMs: number): boolean;
  complete(claim: Claim): boolean;
  bury(claim: Claim): boolean;
  retry(claim: Claim, delayMs: number, counted?: boolean): boolean;
  replay(name: string): boolean;
  discard(name: string): boolean;
  prune(): number;
}

/** Its connection, and its statements prepared before anybody else comes. */
export async function oldProcess(
  file: string,
  driver: 'libsql' | 'node',
): Promise<OldProcess & { readonly handle: SqliteHandle }> {
  const handle = await openFile(file, driver);
  handle.exec('PRAGMA journal_mode = WAL');
  handle.exec(SCHEMA);
  const oldest = handle.prepare(OLDEST);
  const prepared = Object.fromEntries(
    Object.entries(SAID).map(([name, sql]) => [name, handle.prepare(sql)]),
  );
  let takings = 0;

  const run = (name: keyof typeof SAID, ...values: (string | number | null | Buffer)[]): number => {
    const statement = prepared[name];
    if (statement === undefined) throw new Error(name);
    return Number(statement.run(...values).changes);
  };
  const by = (name: keyof typeof SAID, { key, token }: Claim, ...values: number[]): boolean =>
    run(name, ...values, key, token) > 0;

  return {
    handle,
    record(name, state = 'due') {
      const facts = [`pay@${name}`, `evt_${name}`, 'payment.completed', 'v2', 'webhook', 1];
      const reason = state === 'dead' ? 'unreadable' : null;
      const body = ['{"a":"b"}', Buffer.from(name)] as const;
      return run('insert', keyOf(name), state, reason, ...facts, ...body) > 0;
    },
    take(leaseMs = 60_000) {
      const [row] = oldest.all() as { seq: number; key: string }[];
      if (row === undefined) return undefined;
      const taking = `old-${(takings += 1)}:`;
      run('take', taking, leaseMs, JSON.stringify([row.seq]));
      return { key: row.key, token: `${taking}${row.seq}` };
    },
    extend: (claim, leaseMs) => by('extend', claim, leaseMs),
    complete: (claim) => by('complete', claim),
    bury: (claim) => by('bury', claim),
    retry: (claim, delayMs, counted = true) =>
      by('retry', claim, delayMs, Number(counted), Number(counted)),
    replay: (name) => run('replay', keyOf(name)) > 0,
    discard: (name) => run('discard', keyOf(name)) > 0,
    prune: () => run('prune', 0, 1_000),
  };
}

/** The key of what an old process records. */
export function keyOf(name: string): string {
  return `payment.completed:pay@${name}`;
}
