import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { Redis } from 'ioredis';
import { createClient, createClientPool } from 'redis';
import { createClient as createClient4 } from 'redis4';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redisStore, type RedisClient } from '../src/index.js';
import { payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { startSentinel, startServer } from './support/throwaway-server.js';
import { eventually, rejectionOf } from './support/waiting.js';

const BOUND = { timeoutMs: 1_000 };

/** What `init` rejects with over this client. */
async function refusalOf(client: RedisClient): Promise<unknown> {
  const store = redisStore({ ...BOUND, client });
  // As createQBitFlow does; it must not throw.
  const stop = store.onDue?.(() => undefined);
  onTestFinished(() => stop?.());
  return rejectionOf(store.init?.() ?? Promise.resolve());
}

const misconfigured = (cure: RegExp) => ({
  name: 'QBitFlowError',
  code: 'misconfigured',
  message: expect.stringMatching(cure),
});

const unavailable = (cure: RegExp) => ({ ...misconfigured(cure), code: 'store_unavailable' });

async function nodeRedisAt(url: string, options: object = {}) {
  const client = createClient({ url, ...options });
  client.on('error', () => undefined);
  await client.connect();
  onTestFinished(() => client.destroy());
  return client;
}

describe.skipIf(!HAS_REDIS)('refused at start, with the cure', () => {
  test('a client that does not answer with bytes when asked for them', async () => {
    const { url } = await startServer();
    const real = await nodeRedisAt(url);
    const deaf: RedisClient = {
      sendCommand: async (args: (string | Buffer)[]) => real.sendCommand(args),
      duplicate: () => real.duplicate(),
    };
    expect(await refusalOf(deaf)).toMatchObject(misconfigured(/node-redis\) 4/));
  });

  test.each([
    ['numbers as text that is none', [Buffer.from('x')]],
    ['nothing at all', undefined],
    ['an object for a list', { length: 5 }],
    ['lists without their end', [[Buffer.alloc(256), null]]],
  ])('a client whose replies are %s', async (_name, reply) => {
    const odd: RedisClient = {
      sendCommand: async () => reply,
      duplicate: () => {
        throw new Error('it has none');
      },
    };
    expect(await refusalOf(odd)).toMatchObject(misconfigured(/cannot use this client/));
  });

  test('a client of node-redis 4 in legacyMode', async () => {
    const { url } = await startServer();
    const client = createClient4({ url, legacyMode: true });
    client.on('error', () => undefined);
    await client.connect();
    onTestFinished(async () => client.disconnect());
    expect(await refusalOf(client)).toMatchObject(misconfigured(/without legacyMode/));
  });

  test('a client that has subscribed and can do nothing else', async () => {
    const { url } = await startServer();
    const client = await nodeRedisAt(url, { RESP: 2 });
    await client.subscribe('news', () => undefined);
    expect(await refusalOf(client)).toMatchObject(misconfigured(/client\.duplicate\(\)/));
    const old = new Redis(url, { protocol: 2 });
    onTestFinished(() => old.disconnect());
    await old.subscribe('news');
    expect(await refusalOf(old)).toMatchObject(misconfigured(/client\.duplicate\(\)/));
  });

  test('a client at a sentinel itself', async () => {
    const { port } = await startServer();
    const sentinel = await startSentinel('mymaster', port);
    const client = await nodeRedisAt(sentinel.url);
    expect(await refusalOf(client)).toMatchObject(misconfigured(/does not know a command/));
  });

  test.each(['zadd', 'hincrby', 'rename', 'smembers', 'evalsha'])(
    'a user who may not run %s',
    async (command) => {
      const { url } = await startServer();
      const admin = new Redis(url);
      onTestFinished(() => admin.disconnect());
      await admin.acl('SETUSER', 'weak', 'on', '>pass', '~*', '&*', '+@all', `-${command}`);
      const client = await nodeRedisAt(url.replace('//', '//weak:pass@'));
      expect(await refusalOf(client)).toMatchObject(misconfigured(/Redis user may not/));
      await admin.acl('SETUSER', 'weak', `+${command}`);
      await redisStore({ client }).init?.();
    },
  );

  test('a server without a command that is needed', async () => {
    const { url } = await startServer('--rename-command', 'ZADD', '');
    const client = await nodeRedisAt(url);
    expect(await refusalOf(client)).toMatchObject(misconfigured(/renamed commands/));
  });

  test('what the README says the user needs is enough', async () => {
    const { url } = await startServer();
    const admin = new Redis(url);
    onTestFinished(() => admin.disconnect());
    const commands =
      '+@scripting +@hash +@sortedset +@set +@string +@bitmap +@keyspace +time +publish +subscribe';
    const keys = ['~{shop}:*', '&{shop}:hints'];
    await admin.acl('SETUSER', 'shop', 'on', '>pass', ...keys, ...commands.split(' '));
    const client = new Redis(url.replace('//', '//shop:pass@'), { enableReadyCheck: false });
    onTestFinished(() => client.disconnect());
    const store = redisStore({ client, prefix: 'shop' });
    await store.init?.();
    expect(await store.record(payment(1, { unhandled: 'of a test' }))).toEqual({
      status: 'recorded',
    });
    expect((await store.list({ type: 'payment.completed', state: 'done' })).items).toHaveLength(1);
    expect((await store.list({ error: 'test' })).items).toHaveLength(1);
    await store.putNote?.('web-1', 'here', { keepMs: 60_000 });
    expect(await store.notes?.('web')).toMatchObject([{ text: 'here' }]);
    expect(await store.prune({ doneForMs: 0, limit: 10 })).toBe(1);
  });
});

describe.skipIf(!HAS_REDIS)('not yet, with the cure', () => {
  test.each([
    ['createClient', () => createClient()],
    ['createClientPool', () => createClientPool()],
    ["node-redis 4's createClient", () => createClient4()],
  ])('%s that was never connected', async (_name, make) => {
    expect(await refusalOf(make())).toMatchObject(unavailable(/await client\.connect\(\)/));
  });

  test('clients that were closed', async () => {
    const { url } = await startServer();
    const client = createClient({ url });
    await client.connect();
    client.destroy();
    expect(await refusalOf(client)).toMatchObject(unavailable(/is closed/));
    const redis = new Redis(url);
    await redis.quit();
    expect(await refusalOf(redis)).toMatchObject(unavailable(/is closed/));
  });

  test('a read-only replica, and it works once it is the primary', async () => {
    const { url } = await startServer();
    const client = new Redis(url);
    onTestFinished(() => client.disconnect());
    await client.replicaof('127.0.0.1', 1);
    const store = redisStore({ client });
    expect(await rejectionOf(store.init?.() ?? Promise.resolve())).toMatchObject(
      unavailable(/read-only replica/),
    );
    await client.replicaof('NO', 'ONE');
    await store.init?.();
    expect(await store.record(payment(1))).toEqual({ status: 'recorded' });
  });
});

describe('refused when the store is made', () => {
  test('a promise of a client', () => {
    const promise: object = Promise.resolve();
    expect(() => redisStore({ client: promise as RedisClient })).toThrow(/await it first/);
  });

  test.each([NaN, 0, -1, '5000'])('a time limit of %j', (timeoutMs) => {
    const client = new Redis({ lazyConnect: true });
    expect(() => redisStore({ client, timeoutMs: timeoutMs as number })).toThrow(
      /timeoutMs, which must be a positive number/,
    );
  });

  test('a prefix that is no text', () => {
    const client = new Redis({ lazyConnect: true });
    const prefix: unknown = 7;
    expect(() => redisStore({ client, prefix: prefix as string })).toThrow(/must be text/);
  });
});

describe.skipIf(!HAS_REDIS)('the kit over a pool', () => {
  test('starts, and what is answered 200 is handled', async () => {
    const { url } = await startServer();
    const pool = createClientPool({ url });
    pool.on('error', () => undefined);
    await pool.connect();
    onTestFinished(() => pool.destroy());
    const secret = 'whsec_test';
    const kit = createQBitFlow({
      logger: false,
      webhookSecret: secret,
      store: redisStore({ client: pool }),
    });
    const handled: string[] = [];
    kit.on('payment.completed', (event) => void handled.push(event.data.uuid));
    await kit.start();
    onTestFinished(async () => kit.close());
    const body = fixtures.v2['payment.completed']({ data: { uuid: 'pay@1' } });
    const { headers, body: text } = signDelivery({ version: 'v2', body, secret });
    const request = { method: 'POST', url: '/', headers, rawBody: Buffer.from(text) };
    expect((await kit.handleWebhook(request)).status).toBe(200);
    await eventually(async () => handled[0]);
    expect(handled).toEqual(['pay@1']);
  });
});
