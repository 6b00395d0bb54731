import { randomUUID } from 'node:crypto';
import { idempotencyStoreSuite } from '@qbitflow/conformance';
import { Redis } from 'ioredis';
import { expect, test } from 'vitest';
import { cacheClaims } from '../cache-claims.mjs';
import { redisCache } from '../redis-cache.mjs';
import { describeOn, REDIS_URL, redisServer } from './servers.mjs';

await describeOn(redisServer, 'claims on Redis', () => {
  idempotencyStoreSuite({
    test,
    async createStore() {
      const prefix = `qbitflow-example:${randomUUID()}:`;
      const clients = [];
      const open = async () => {
        const client = new Redis(REDIS_URL);
        clients.push(client);
        return cacheClaims(redisCache(client), { prefix });
      };
      return {
        store: await open(),
        reopen: open,
        openSecond: open,
        processModule: {
          file: new URL('open-claims.mjs', import.meta.url).href,
          argument: { url: REDIS_URL, prefix },
        },
        async cleanup() {
          const [client] = clients;
          const keys = await client.keys(`${prefix}*`);
          if (keys.length > 0) await client.del(keys);
          for (const each of clients) each.disconnect();
        },
      };
    },
  });

  test('what is done is remembered for as long as it is told to, and no longer', async () => {
    const client = new Redis(REDIS_URL);
    const prefix = `qbitflow-example:${randomUUID()}:`;
    const store = cacheClaims(redisCache(client), { prefix, keepDoneMs: 60_000 });
    try {
      const { token } = await store.claim('k', { leaseMs: 600_000 });
      await store.complete('k', token);
      const left = await client.pttl(`${prefix}k`);
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(60_000);
    } finally {
      await client.del(`${prefix}k`);
      client.disconnect();
    }
  });
});
