import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  test('a delivery the server evicted holds up no other and is forgotten', async () => {
    const { url } = await startServer();
    const admin = new Redis(url);
    onTestFinished(() => admin.disconnect());
    const store = await openStore(library, url, { prefix: 'shop' });
    await Promise.all([1, 2, 3].map(async (number) => store.record(payment(number))));
    await admin.del(`{shop}:delivery:${keyOf(1)}`);
    expect((await store.list({})).items.map(({ key }) => key)).toEqual([keyOf(3), keyOf(2)]);
    const taken = await store.takeDue({ limit: 2, leaseMs: 60_000 });
    expect(taken.map(({ key }) => key)).toEqual([keyOf(2)]);
    const rest = await store.takeDue({ limit: 2, leaseMs: 60_000 });
    expect(rest.map(({ key }) => key)).toEqual([keyOf(3)]);
    expect(await store.stats()).toMatchObject({ due: 0, running: 2 });
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
  });
});
