import { createRequire } from 'node:module';
import type * as Pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { none, payment } from './support/deliveries.js';
import { describeOnPostgres } from './support/postgres.js';

// The oldest that is allowed as a peer; every other test runs on the newest.
const { Pool } = createRequire(import.meta.url)('pg811') as typeof Pg;

await describeOnPostgres('pg 8.11', (database) => {
  test('a delivery is recorded, announced, taken and completed, and found again', async () => {
    const pool = new Pool({ connectionString: database.url, max: 4 });
    onTestFinished(async () => pool.end());
    const store = database.store({ pool });
    let announced = 0;
    store.onDue(() => (announced += 1));
    await store.init();
    const raw = Buffer.from([0, 255, 10, 128]);
    const { key } = payment('old', { raw });
    expect(await store.record(payment('old', { raw }))).toEqual({ status: 'recorded' });
    await expect.poll(() => announced).toBeGreaterThan(0);
    const taken = await store.takeDue({ limit: 1, leaseMs: 60_000 });
    expect(taken).toMatchObject([{ key }]);
    for (const claim of taken) await store.complete(claim, none);
    const kept = await store.get(key);
    expect(kept).toMatchObject({ state: 'done' });
    expect(Buffer.from(kept?.raw ?? []).equals(raw)).toBe(true);
    expect(await store.record(payment('old'))).toEqual({ status: 'duplicate', state: 'done' });
  });
});
