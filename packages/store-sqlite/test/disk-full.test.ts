import { expect, test } from 'vitest';
import { delivery, takeOne } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle, rowsOf } from './support/handles.js';

test.each(drivers)(
  'a full disk rejects what does not fit, and room again is all it takes: %s',
  async (driver) => {
    const handle = await openHandle(freshFile(), driver);
    const store = openStore(handle);
    await store.record(delivery('before'));
    const [pages] = rowsOf(handle, 'PRAGMA page_count') as [{ page_count: number }];
    rowsOf(handle, `PRAGMA max_page_count = ${pages.page_count}`);
    const big = delivery('big', { raw: new Uint8Array(100_000) });
    const failure = await store.record(big).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'store_unavailable', facts: { failure: 'full' } });
    expect(failure).toHaveProperty('message', expect.stringContaining('free some space'));
    expect(failure).toHaveProperty('cause', expect.any(Error));
    expect(await store.get(big.key)).toBeUndefined();
    // What needs no more room goes on.
    const taken = await takeOne(store);
    expect(await store.complete(taken, { succeeded: [] })).toBe('ok');
    rowsOf(handle, 'PRAGMA max_page_count = 1000000');
    expect(await store.record(big)).toEqual({ status: 'recorded' });
    expect((await store.get(big.key))?.raw).toHaveLength(100_000);
  },
);
