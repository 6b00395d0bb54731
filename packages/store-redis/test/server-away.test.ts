import { isQBitFlowError } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { eventually, rejectionOf } from './support/waiting.js';

const BOUND = { timeoutMs: 300 };
const UNAVAILABLE = { name: 'QBitFlowError', code: 'store_unavailable' };

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  test('calls under way reject when the server dies, and later ones too', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url, BOUND);
    await store.record(payment(1));
    server.stall();
    const calls = [store.record(payment(2)), store.takeDue({ limit: 1, leaseMs: 1_000 })];
    const rejections = calls.map(rejectionOf);
    await server.crash();
    for (const error of await Promise.all(rejections)) expect(error).toMatchObject(UNAVAILABLE);
    expect(await rejectionOf(store.stats())).toMatchObject(UNAVAILABLE);
    expect(await rejectionOf(store.record(payment(3)))).toMatchObject(UNAVAILABLE);
  });

  test('works again, over the same client, when the server is back', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url, BOUND);
    await store.record(payment(1));
    await server.crash();
    await rejectionOf(store.record(payment(2)));
    await server.restart();
    await eventually(async () => store.record(payment(3)));
    expect((await store.get(keyOf(3)))?.state).toBe('due');
  });

  test('every caller is answered while the server stalls, however many wait in line', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url, BOUND);
    await store.record(payment(0));
    server.stall();
    const calls = Array.from({ length: 250 }, async (_, number) => store.record(payment(number)));
    for (const error of await Promise.all(calls.map(rejectionOf)))
      expect(error).toMatchObject(UNAVAILABLE);
    server.resume();
    await eventually(async () => store.stats());
  });

  test('what was taken too late for its taker is handed back, its start not counted', async () => {
    const server = await startServer();
    const store = await openStore(library, server.url, BOUND);
    await store.record(payment(1));
    server.stall();
    await rejectionOf(store.takeDue({ limit: 1, leaseMs: 3_600_000 }));
    server.resume();
    const [taken] = await eventually(async () => {
      const some = await store.takeDue({ limit: 1, leaseMs: 3_600_000 });
      return some.length === 0 ? undefined : some;
    });
    expect(taken).toMatchObject({ key: keyOf(1), started: 1, finished: 0, lapsed: false });
  });

  test('no message repeats the address or the password', async () => {
    const server = await startServer('--requirepass', 'hunter2');
    const store = await openStore(library, server.url.replace('//', '//:hunter2@'), BOUND);
    await store.stats();
    await server.crash();
    for (let call = 0; call < 3; call += 1) {
      // oxlint-disable-next-line no-await-in-loop -- the first finds the connection lost, later ones find none
      const error = await rejectionOf(store.stats());
      if (!isQBitFlowError(error)) throw new Error('not an error of the kit');
      expect(error.message).not.toMatch(/hunter2|127\.0\.0\.1/);
    }
  });
});
