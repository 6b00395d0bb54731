import { expect, test } from 'vitest';
import { delivery } from './support/deliveries.js';
import { freshFile, openStore } from './support/files.js';
import { drivers, openHandle } from './support/handles.js';

test.each(drivers)('a lock held by another connection is waited for: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver });
  await store.init?.();
  const other = await openHandle(file, driver);
  other.exec('BEGIN IMMEDIATE');
  const recording = store.record(delivery(1));
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 5);
  await new Promise((resolve) => setTimeout(resolve, 200));
  clearInterval(turning);
  // The event loop went on while the store waited.
  expect(turns).toBeGreaterThan(2);
  other.exec('COMMIT');
  expect(await recording).toEqual({ status: 'recorded' });
});

test.each(drivers)('a lock that is never given back rejects in the end: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver, busyTimeoutMs: 100 });
  await store.init?.();
  const other = await openHandle(file, driver);
  other.exec('BEGIN IMMEDIATE');
  const failure = await store.record(delivery(1)).catch((error: unknown) => error);
  expect(failure).toMatchObject({ code: 'store_unavailable', facts: { failure: 'busy' } });
  expect(failure).toHaveProperty('message', expect.stringContaining('end its transaction'));
  expect(failure).toHaveProperty('cause', expect.any(Error));
  // Reading needs no lock.
  expect(await store.stats()).toMatchObject({ due: 0 });
  other.exec('ROLLBACK');
  expect(await store.record(delivery(1))).toEqual({ status: 'recorded' });
});

test.each(drivers)('those who wait behind a lock are refused together: %s', async (driver) => {
  const file = freshFile();
  const store = openStore(file, { driver, busyTimeoutMs: 300 });
  await store.init?.();
  const other = await openHandle(file, driver);
  other.exec('BEGIN IMMEDIATE');
  const first = store.record(delivery(1)).catch(() => 'refused');
  await new Promise((resolve) => setTimeout(resolve, 100));
  const later = [2, 3, 4].map(async (number) =>
    store.record(delivery(number)).catch(() => 'refused'),
  );
  expect(await Promise.all([first, ...later])).toEqual(Array(4).fill('refused'));
  other.exec('ROLLBACK');
  expect(await store.stats()).toMatchObject({ due: 0 });
});

test.each(drivers)(
  'a wrong argument fails its own call, and none written with it: %s',
  async (driver) => {
    const store = openStore(freshFile(), { driver });
    await store.record(delivery(1));
    const [taken] = await store.takeDue({ limit: 1, leaseMs: 60_000 });
    const claim = taken ?? { key: '', token: '' };
    const outcomes = await Promise.allSettled([
      store.record(delivery(2)),
      store.retry(claim, { delayMs: Number.NaN, error: 'x', succeeded: [] }),
      store.record(delivery(3)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'misconfigured' } });
    expect(await store.stats()).toMatchObject({ due: 2, running: 1 });
  },
);
