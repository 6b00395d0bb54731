import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { messageOf, startProgram } from './support/child.js';
import { delivery } from './support/deliveries.js';
import { freshFile, freshFolder, openStore } from './support/files.js';
import { drivers, openHandle } from './support/handles.js';

test.each(drivers)(
  'a database that may only be read rejects writes until it may be written: %s',
  async (driver) => {
    const handle = await openHandle(freshFile(), driver);
    const store = openStore(handle);
    await store.record(delivery(1));
    handle.exec('PRAGMA query_only = 1');
    const failure = await store.record(delivery(2)).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store_unavailable', facts: { failure: 'readonly' } });
    expect(await store.get(delivery(1).key)).toMatchObject({ state: 'due' });
    handle.exec('PRAGMA query_only = 0');
    expect(await store.record(delivery(2))).toEqual({ status: 'recorded' });
  },
);

test.each(drivers)(
  'rights taken away reject, and given back are all it takes: %s',
  async (driver) => {
    const child = startProgram('rights-process.mjs', freshFolder(), driver);
    expect(await messageOf(child)).toEqual({
      folderClosed: 'store_unavailable: cannot-open',
      folderOpened: 'recorded',
      fileReadOnly: 'store_unavailable: readonly',
      stillRead: 1,
      fileWritable: 'recorded',
      fileClosed: 'store_unavailable: cannot-open',
      fileOpened: 'recorded',
    });
  },
);

test.each(drivers)('a missing folder is said, and may be made later: %s', async (driver) => {
  const folder = join(freshFolder(), 'later');
  const store = openStore(join(folder, 'inbox.db'), { driver });
  const failure = await store.record(delivery(1)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store_unavailable' });
  expect(failure).toHaveProperty('message', expect.stringContaining(`the folder ${folder} does`));
  mkdirSync(folder);
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});
