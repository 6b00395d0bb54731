import type { StoreStats } from '@qbitflow/core';
import { Cluster, Redis } from 'ioredis';
import { createCluster } from 'redis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redisStore, type RedisClient } from '../src/index.js';
import { LIBRARIES } from './support/clients.js';
import { keyOf, payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { eventually } from './support/waiting.js';

/** One delivery's whole life over this client, and a hint of it. */
async function wholeLife(client: RedisClient): Promise<StoreStats> {
  const store = redisStore({ client });
  const subjects: (string | undefined)[] = [];
  store.onDue?.((subject) => subjects.push(subject));
  await Promise.all([1, 2].map(async (number) => store.record(payment(number))));
  const taken = await store.takeDue({ limit: 5, leaseMs: 60_000 });
  expect(taken.map(({ key }) => key)).toEqual([keyOf(1), keyOf(2)]);
  await Promise.all(taken.map(async (claim) => store.complete(claim, { succeeded: ['a'] })));
  const stats = await store.stats();
  await eventually(async () => {
    await store.record(payment(3 + subjects.length));
    return subjects[0];
  });
  await store.close();
  return stats;
}

const LIVED = { due: 0, running: 0, done: 2, dead: 0, oldestDueAgeMs: 0 };

describe.skipIf(!HAS_REDIS)('clients as merchants configure them', () => {
  test('ioredis with a key prefix: every key has it', async () => {
    const { url } = await startServer();
    const client = new Redis(url, { keyPrefix: 'shop:' });
    const admin = new Redis(url);
    onTestFinished(() => [client, admin].forEach((redis) => redis.disconnect()));
    expect(await wholeLife(client)).toEqual(LIVED);
    expect((await admin.keys('*')).filter((key) => !key.startsWith('shop:{qbitflow}:'))).toEqual(
      [],
    );
  });

  test('ioredis with automatic pipelining', async () => {
    const { url } = await startServer();
    const client = new Redis(url, { enableAutoPipelining: true });
    onTestFinished(() => client.disconnect());
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test('ioredis that connects lazily and has no offline queue', async () => {
    const { url } = await startServer();
    const client = new Redis(url, { lazyConnect: true, enableOfflineQueue: false });
    onTestFinished(() => client.disconnect());
    await client.connect();
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test('ioredis Cluster', async () => {
    const { port } = await startCluster();
    const client = new Cluster([{ host: '127.0.0.1', port }]);
    onTestFinished(() => client.disconnect());
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test("node-redis' createCluster", async () => {
    const { url } = await startCluster();
    const client = await createCluster({ rootNodes: [{ url }] }).connect();
    onTestFinished(() => client.destroy());
    expect(await wholeLife(client)).toEqual(LIVED);
  });
});

describe.skipIf(!HAS_REDIS).each(LIBRARIES)('%s', (library) => {
  test('close ends the connection that listens, and nothing else', async () => {
    const { url } = await startServer();
    const admin = new Redis(url);
    onTestFinished(() => admin.disconnect());
    const listening = async () => (await admin.client('LIST', 'TYPE', 'PUBSUB')) !== '';
    const [store, other] = [await openStore(library, url), await openStore(library, url)];
    store.onDue?.(() => undefined);
    await eventually(async () => (await listening()) || undefined);
    await store.close();
    await eventually(async () => !(await listening()) || undefined);
    await expect(store.stats()).rejects.toThrow(/the Redis store is closed/);
    await expect(other.stats()).resolves.toMatchObject({ due: 0 });
  });

  test('two stores on one server keep to themselves', async () => {
    const { url } = await startServer();
    const [one, other] = [
      await openStore(library, url, { prefix: 'one' }),
      await openStore(library, url, { prefix: 'other' }),
    ];
    await one.record(payment(1));
    expect(await other.record(payment(1))).toEqual({ status: 'recorded' });
    await one.takeDue({ limit: 5, leaseMs: 60_000 });
    expect(await other.stats()).toMatchObject({ due: 1, running: 0 });
  });
});

/** A cluster of one node that has all slots. */
async function startCluster() {
  const server = await startServer(
    '--cluster-enabled',
    'yes',
    '--cluster-announce-ip',
    '127.0.0.1',
  );
  const admin = new Redis(server.url);
  onTestFinished(() => admin.disconnect());
  await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  await eventually(async () =>
    (await admin.cluster('INFO')).includes('cluster_state:ok') ? true : undefined,
  );
  return server;
}
