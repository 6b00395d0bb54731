import { Redis } from 'ioredis';
import ioredis5 from 'ioredis5';
import { createSentinel } from 'redis';
import { createSentinel as createSentinel5 } from 'redis5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redisStore } from '../src/index.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { startSentinel, startServer } from './support/throwaway-server.js';
import { eventually } from './support/waiting.js';
import { LIVED, wholeLife } from './support/whole-life.js';

const name = 'mymaster';

type Addresses = { host: string; port: number }[];

/** A primary, and a sentinel that watches it. */
async function startWatched() {
  const primary = await startServer();
  const sentinel = await startSentinel(name, primary.port);
  return { primary, sentinels: [{ host: '127.0.0.1', port: sentinel.port }] };
}

describe.skipIf(!HAS_REDIS)('clients that follow sentinels', () => {
  test.each([
    ['ioredis 6', (sentinels: Addresses) => new Redis({ sentinels, name })],
    ['ioredis 5.0', (sentinels: Addresses) => new ioredis5.default({ sentinels, name })],
  ])('%s', async (_name, open) => {
    const { sentinels } = await startWatched();
    const client = open(sentinels);
    onTestFinished(() => client.disconnect());
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test("node-redis 6's createSentinel", async () => {
    const { sentinels } = await startWatched();
    const client = createSentinel({ name, sentinelRootNodes: sentinels });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(async () => client.destroy());
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test("node-redis 5.0's createSentinel, which has no duplicate", async () => {
    const { sentinels } = await startWatched();
    const client = createSentinel5({ name, sentinelRootNodes: sentinels });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(async () => client.destroy());
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test('one that was never connected says how it is cured, and works once it is', async () => {
    const { sentinels } = await startWatched();
    const client = createSentinel({ name, sentinelRootNodes: sentinels });
    client.on('error', () => undefined);
    const store = redisStore({ client });
    await expect(store.init?.()).rejects.toMatchObject({
      code: 'store_unavailable',
      message: expect.stringMatching(/never connected: connect it first/),
    });
    await client.connect();
    onTestFinished(async () => client.destroy());
    await store.init?.();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
    expect((await eventually(async () => store.get(keyOf(1))))?.state).toBe('due');
  });
});
