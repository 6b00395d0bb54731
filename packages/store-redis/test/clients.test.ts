import { Cluster, Redis } from 'ioredis';
import { Cluster as Cluster5 } from 'ioredis5';
import { Cluster as ValkeyCluster } from 'iovalkey';
import { createCluster } from 'redis';
import { createCluster as createCluster4 } from 'redis4';
import { createCluster as createCluster5 } from 'redis5';
import { describe, expect, onTestFinished, test } from 'vitest';
import { LIBRARIES } from './support/clients.js';
import { payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';
import { eventually } from './support/waiting.js';
import { LIVED, wholeLife } from './support/whole-life.js';

describe.skipIf(!HAS_REDIS)('clients as merchants configure them', () => {
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

  test.each([
    ['ioredis 6', Cluster],
    ['ioredis 5.0', Cluster5],
    ['iovalkey', ValkeyCluster],
  ])('%s, Cluster: all keys in one slot', async (_name, Client) => {
    const { port, slotsInUse } = await startCluster();
    const client = new Client([{ host: '127.0.0.1', port }]);
    onTestFinished(() => client.disconnect());
    expect(await wholeLife(client)).toEqual(LIVED);
    expect(await slotsInUse()).toBe(1);
  });

  test("node-redis 6's createCluster: all keys in one slot", async () => {
    const { url, slotsInUse } = await startCluster();
    const client = await createCluster({ rootNodes: [{ url }] }).connect();
    onTestFinished(() => client.destroy());
    expect(await wholeLife(client)).toEqual(LIVED);
    expect(await slotsInUse()).toBe(1);
  });

  test("node-redis 5.0's createCluster", async () => {
    const { url } = await startCluster();
    const client = await createCluster5({ rootNodes: [{ url }] }).connect();
    onTestFinished(() => client.destroy());
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test("node-redis 4's createCluster", async () => {
    const { url } = await startCluster();
    const client = createCluster4({ rootNodes: [{ url }] });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(async () => client.disconnect());
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
    await expect(store.stats()).rejects.toThrow(/the redis store was closed/);
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
  async function slotsInUse(): Promise<number> {
    const keys = await admin.keys('*');
    const slots = await Promise.all(keys.map(async (key) => admin.cluster('KEYSLOT', key)));
    return new Set(slots).size;
  }
  return { ...server, slotsInUse };
}
