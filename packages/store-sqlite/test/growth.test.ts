import { statSync } from 'node:fs';
import { expect, test } from 'vitest';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openLibsql, rowsOf } from './support/handles.js';

const THOUSAND = Array.from({ length: 1_000 }, (_, index) => index);

test.each(drivers)('the write-ahead log is used again and again: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver, synchronous: 'normal' });
  for (let round = 0; round < 20; round++) {
    await Promise.all(
      THOUSAND.map(async (n) =>
        store.record(delivery(`${round}-${n}`, { raw: Buffer.alloc(1_000) })),
      ),
    );
    await store.stats();
    await store.list({});
  }
  // 20,000 deliveries are more than 20 MB; SQLite starts the log anew after about 4 MB.
  expect(statSync(`${file}-wal`).size).toBeLessThan(12_000_000);
});

test('taking, counting and pruning walk the index and never the table', async () => {
  const file = freshFile();
  const said: string[] = [];
  const handle = openLibsql(file);
  const spied = {
    exec: (sql: string) => handle.exec(sql),
    prepare: (sql: string) => {
      said.push(sql);
      return handle.prepare(sql);
    },
    pragma: (source: string): unknown => handle.pragma(source),
    close: () => handle.close(),
  };
  const store = openStore(spied);
  await store.record(delivery(1));
  await store.takeDue({ limit: 10, leaseMs: 1_000 });
  await store.stats();
  await store.prune({ doneForMs: 0, limit: 10 });
  const statements = said.filter((sql) => /qbitflow_deliveries\b/.test(sql));
  const scans = statements.flatMap((sql) =>
    rowsOf(handle, `EXPLAIN QUERY PLAN ${sql.replaceAll('?', '1')}`)
      .map((row) => String(Reflect.get(Object(row), 'detail')))
      .filter((detail) => /^SCAN qbitflow_deliveries(?! USING COVERING INDEX)/.test(detail)),
  );
  expect(statements.length).toBeGreaterThanOrEqual(5);
  expect(scans).toEqual([]);
});
