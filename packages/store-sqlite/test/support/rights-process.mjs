// Takes rights away from a store's file and folder and gives them back: rights-process.mjs <folder> <driver>. Root may
// write everywhere, so it becomes nobody first. It reports what each record came to.
import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { sqliteStore } from '@qbitflow/store-sqlite';

const [parent, driver] = process.argv.slice(2);
// Loads the driver while this process may still read it.
await sqliteStore(':memory:', { driver }).init();
if (process.getuid() === 0) {
  chmodSync(parent, 0o777);
  process.setgid(65_534);
  process.setuid(65_534);
}

const folder = join(parent, 'inbox');
const file = join(folder, 'inbox.db');
mkdirSync(folder);

function rights(mode) {
  for (const path of [file, `${file}-wal`, `${file}-shm`])
    if (existsSync(path)) chmodSync(path, mode);
}

let number = 0;
async function record(store) {
  number += 1;
  const delivery = {
    key: String(number),
    subject: 's',
    id: 'i',
    type: 't',
    version: 'v2',
    source: 'webhook',
    raw: Buffer.from('{}'),
    headers: {},
    receivedAt: 1_790_856_000_000,
  };
  return store.record(delivery).then(
    ({ status }) => status,
    (error) => `${error.code}: ${error.facts.failure}`,
  );
}

const report = {};
chmodSync(folder, 0o500);
const first = sqliteStore(file, { driver });
report.folderClosed = await record(first);
chmodSync(folder, 0o700);
report.folderOpened = await record(first);
await first.close();

rights(0o400);
const second = sqliteStore(file, { driver });
report.fileReadOnly = await record(second);
report.stillRead = (await second.stats()).due;
rights(0o600);
report.fileWritable = await record(second);
await second.close();

rights(0o000);
const third = sqliteStore(file, { driver });
report.fileClosed = await record(third);
rights(0o600);
report.fileOpened = await record(third);
await third.close();
process.send(report);
