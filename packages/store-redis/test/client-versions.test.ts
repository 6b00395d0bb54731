import { Redis } from 'ioredis';
import ioredis5 from 'ioredis5';
import { Redis as Valkey } from 'iovalkey';
import { createClient, createClientPool } from 'redis';
import { createClient as createClient4 } from 'redis4';
import { createClient as createClient5, createClientPool as createClientPool5 } from 'redis5';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { RedisClient } from '../src/index.js';
import { HAS_REDIS } from './support/shared-server.js';
import { startServer } from './support/throwaway-server.js';
import { LIVED, wholeLife } from './support/whole-life.js';

// This version exports the class in the way of its time only.
const Redis5 = ioredis5.default;

/** Both ends of what is supported, and each kind of client. */
const CLIENTS: Readonly<Record<string, (url: string) => Promise<OpenClient>>> = {
  'ioredis 5.0': async (url) => ofIoredis(new Redis5(url)),
  'ioredis 5.0, numbers as text': async (url) =>
    ofIoredis(new Redis5(url, { stringNumbers: true })),
  'ioredis 6': async (url) => ofIoredis(new Redis(url)),
  'ioredis 6, RESP2': async (url) => ofIoredis(new Redis(url, { protocol: 2 })),
  iovalkey: async (url) => ofIoredis(new Valkey(url)),
  'node-redis 4': async (url) => ofNodeRedis(createClient4({ url })),
  'node-redis 5.0': async (url) => ofNodeRedis(createClient5({ url })),
  'node-redis 5.0, RESP3': async (url) => ofNodeRedis(createClient5({ url, RESP: 3 })),
  "node-redis 5.0's pool": async (url) => ofNodeRedis(createClientPool5({ url })),
  'node-redis 6': async (url) => ofNodeRedis(createClient({ url })),
  'node-redis 6, RESP2': async (url) => ofNodeRedis(createClient({ url, RESP: 2 })),
  'node-redis 6, replies mapped otherwise': async (url) =>
    ofNodeRedis(createClient({ url, commandOptions: { typeMapping: MAPPED } })),
  "node-redis 6's pool": async (url) => ofNodeRedis(createClientPool({ url })),
};

/** Numbers and nothing else as text. */
const MAPPED = { 58: String, 36: String };

describe.skipIf(!HAS_REDIS)('every supported client', () => {
  test.each(Object.entries(CLIENTS))('%s: a whole life, and hints', async (_name, open) => {
    const { url } = await startServer();
    const { client, close } = await open(url);
    onTestFinished(close);
    expect(await wholeLife(client)).toEqual(LIVED);
  });

  test("a failing command over node-redis 5.0's pool ends no process", async () => {
    const server = await startServer();
    const admin = new Redis(server.url);
    const { client, close } = await ofNodeRedis(createClientPool5({ url: server.url }));
    onTestFinished(close);
    onTestFinished(() => admin.disconnect());
    await wholeLife(client);
    // Every call fails first: the server has forgotten the scripts. A rejection left unhandled fails this run.
    await admin.script('FLUSH');
    expect(await wholeLife(client, 'again')).toEqual(LIVED);
  });

  test.each([
    ['ioredis', async (url: string) => ofIoredis(new Redis(url, { keyPrefix: 'shop:' }))],
    ['node-redis 6', async (url: string) => ofNodeRedis(createClient({ url, keyPrefix: 'shop:' }))],
    [
      "node-redis 6's pool",
      async (url: string) => ofNodeRedis(createClientPool({ url, keyPrefix: 'shop:' })),
    ],
  ])('%s with a key prefix: every key has it', async (_name, open) => {
    const { url } = await startServer();
    const admin = new Redis(url);
    const { client, close } = await open(url);
    onTestFinished(close);
    onTestFinished(() => admin.disconnect());
    expect(await wholeLife(client)).toEqual(LIVED);
    const keys = await admin.keys('*');
    expect(keys.length).toBeGreaterThan(0);
    expect(keys.filter((key) => !key.startsWith('shop:{qbitflow}:'))).toEqual([]);
  });
});

interface OpenClient {
  readonly client: RedisClient;
  readonly close: () => void;
}

function ofIoredis(client: RedisClient & { disconnect(): void }): OpenClient {
  return { client, close: () => client.disconnect() };
}

interface NodeRedisToOpen {
  on(event: 'error', listener: () => void): unknown;
  connect(): Promise<unknown>;
  destroy?(): unknown;
  disconnect?(): unknown;
}

async function ofNodeRedis(client: RedisClient & NodeRedisToOpen): Promise<OpenClient> {
  client.on('error', () => undefined);
  await client.connect();
  return {
    client,
    close() {
      if (client.destroy === undefined) client.disconnect?.();
      else client.destroy();
    },
  };
}
