import { describe, expect, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { eventually } from './support/waiting.js';

const AOF = ['--appendonly', 'yes', '--appendfsync', 'always'];

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s, appendfsync always', (library) => {
  test('every answered record and completion is there after the server crashed', async () => {
    const server = await startServer(...AOF);
    const store = await openStore(library, server.url);
    await Promise.all([1, 2, 3].map(async (number) => store.record(payment(number))));
    const [first] = await store.takeDue({ limit: 1, leaseMs: 100 });
    if (first === undefined) throw new Error('nothing was taken');
    await store.complete(first, { succeeded: ['fulfil'] });
    await store.takeDue({ limit: 1, leaseMs: 1 });

    await server.crash();
    await server.restart();

    const stats = await eventually(async () => store.stats());
    expect(stats).toMatchObject({ due: 1, running: 1, done: 1, dead: 0 });
    expect(await store.record(payment(1))).toEqual({ status: 'duplicate', state: 'done' });
    const again = await store.takeDue({ limit: 5, leaseMs: 100 });
    expect(again.map(({ key, started, lapsed }) => ({ key, started, lapsed }))).toEqual([
      { key: keyOf(3), started: 1, lapsed: false },
      { key: keyOf(2), started: 1, lapsed: true },
    ]);
  });

  test('hints come again after the server was away', async () => {
    const server = await startServer(...AOF);
    const store = await openStore(library, server.url);
    const subjects: (string | undefined)[] = [];
    store.onDue?.((subject) => subjects.push(subject));
    await server.crash();
    await server.restart();
    let number = 0;
    await eventually(async () => {
      number += 1;
      await store.record(payment(number));
      return subjects[0];
    });
    expect(subjects[0]).toMatch(/^pay@\d+$/);
  });
});
