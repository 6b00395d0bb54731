// One process of a test: busy-process.mjs <task> <file> <driver> [number]. It reports by message.
import { sqliteStore } from '@qbitflow/store-sqlite';

const [task, file, driver, number] = process.argv.slice(2);
const store = sqliteStore(file, { driver });
const none = { succeeded: [] };

const delivery = (name) => ({
  key: `key:${name}`,
  subject: `pay@${name}`,
  id: `evt_${name}`,
  type: 'payment.completed',
  version: 'v2',
  source: 'webhook',
  raw: Buffer.from(`{"n":"${name}"}`),
  headers: {},
  receivedAt: 1_790_856_000_000,
});

const tasks = {
  /** Records what the others record too, then completes what it can take until all is done. */
  async work() {
    const total = Number(number);
    const records = Array.from({ length: total }, async (_, n) => store.record(delivery(n)));
    const outcomes = await Promise.all(records);
    const completed = [];
    while ((await store.stats()).done < total) {
      const batch = await store.takeDue({ limit: 7, leaseMs: 60_000 });
      for (const taken of batch)
        if ((await store.complete(taken, none)) === 'ok') completed.push(taken.key);
    }
    const recorded = outcomes.filter(({ status }) => status === 'recorded').length;
    process.send({ recorded, duplicates: total - recorded, completed });
  },
  async record() {
    const { status } = await store.record(delivery(number));
    process.send({ recorded: status === 'recorded' ? 1 : 0, duplicates: 0, completed: [] });
  },
  /** Stops for ever inside a transaction that has written something. */
  async hold() {
    const handle = await openRaw();
    handle.exec('BEGIN IMMEDIATE');
    handle.exec(
      `INSERT INTO qbitflow_deliveries (key, state, at, changed_at, recorded_at, received_at, subject, id, type, version, source, headers, raw)
       VALUES ('half', 'due', 0, 0, 0, 0, '', '', '', 'v2', 'webhook', '{}', x'')`,
    );
    process.send({});
    setInterval(() => handle.exec('SELECT 1'), 1_000);
  },
  /** Records without end and tells of each that was answered. */
  async answer() {
    for (let n = 0; ; n += 10) {
      const keys = Array.from({ length: 10 }, (_, i) => String(n + i));
      await Promise.all(
        keys.map(async (name) => {
          await store.record(delivery(name));
          process.send(`key:${name}`);
        }),
      );
    }
  },
};

async function openRaw() {
  if (driver === 'node') {
    const { DatabaseSync } = process.getBuiltinModule('node:sqlite');
    return new DatabaseSync(file);
  }
  const { default: Libsql } = await import('libsql');
  return new Libsql(file);
}

await tasks[task]();
if (task !== 'hold') await store.close();
