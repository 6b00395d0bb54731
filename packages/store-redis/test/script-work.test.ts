import { createHash } from 'node:crypto';
import { Redis } from 'ioredis';
import { describe, expect, onTestFinished, test } from 'vitest';
import { redisStore } from '../src/index.js';
import { adminOf, commandsOf } from './support/admin.js';
import { payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { startServer } from './support/throwaway-server.js';

const MINUTE_MS = 60_000;
/** A server carries out about a million commands of a script in a second: this many keep the others for 5 ms at most. */
const MOST_COMMANDS = 4_000;

/** A store whose scripts run one by one, and how many commands the longest of them has carried out. */
async function openCounted() {
  const { url } = await startServer();
  const admin = adminOf(url);
  let most = 0;
  let turn: Promise<unknown> = Promise.resolve();
  // What is sent before the connection is there is sent once more then, and must not wait for itself.
  const waiting = new WeakSet<object>();
  class CountedRedis extends Redis {
    override sendCommand(...args: Parameters<Redis['sendCommand']>): Promise<unknown> {
      const send = async () => super.sendCommand(...args);
      const [command] = args;
      if (!command.name.startsWith('eval') || waiting.has(command)) return send();
      waiting.add(command);
      const counted = turn.then(async () => {
        let reply: Promise<unknown> = Promise.resolve();
        const count = await commandsOf(admin, async () => {
          reply = send();
          await reply.catch(() => undefined);
        });
        most = Math.max(most, count);
        return reply;
      });
      turn = counted.catch(() => undefined);
      return counted;
    }
  }
  const client = new CountedRedis(url);
  onTestFinished(() => client.disconnect());
  const store = redisStore({ client, prefix: 'shop', timeoutMs: MINUTE_MS });
  await store.init?.();
  async function mostOf(work: () => Promise<unknown>): Promise<number> {
    most = 0;
    await work();
    return most;
  }
  return { store, admin, mostOf };
}

/** Tombstones of keys that nobody has, spread as real ones are. */
async function leaveTombstones(admin: Redis, count: number): Promise<void> {
  const BUCKETS = 8192;
  const buckets = Array.from({ length: BUCKETS }, () => [Buffer.alloc(6)]);
  for (let number = 0; number < count; number += 1) {
    const digest = createHash('sha256').update(String(number)).digest().subarray(0, 16);
    buckets[digest.readUInt16BE(0) % BUCKETS]?.push(digest, Buffer.alloc(6));
  }
  const pipeline = admin.pipeline();
  for (const [bucket, parts] of buckets.entries())
    pipeline.set(`{shop}:2:gone:${bucket}`, Buffer.concat(parts));
  pipeline.hset('{shop}:2:meta', 'tombstones', count);
  await pipeline.exec();
}

describe.skipIf(!HAS_REDIS)('no script keeps the server for long', () => {
  test(
    'a round of pruning beside 50,000 tombstones',
    async () => {
      const { store, admin, mostOf } = await openCounted();
      await leaveTombstones(admin, 50_000);
      const since = await store.knownSince();
      const prune = async () => store.prune({ doneForMs: 0, keepKeysMs: Infinity, limit: 500 });
      expect(await mostOf(prune)).toBeLessThan(MOST_COMMANDS);
      expect(await admin.hget('{shop}:2:meta', 'tombstones')).toBe('50000');
      expect(await store.knownSince()).toBe(since);
      // One bucket is evicted: it is still noticed.
      await admin.del('{shop}:2:gone:4711');
      expect(await mostOf(prune)).toBeLessThan(MOST_COMMANDS);
      expect(await store.knownSince()).toBeGreaterThan(since);
    },
    2 * MINUTE_MS,
  );

  test(
    'a round of pruning, and each list, beside thousands of many types',
    async () => {
      const { store, mostOf } = await openCounted();
      const TYPES = 20;
      await Promise.all(
        Array.from({ length: 3_000 }, async (_, number) =>
          store.record(
            payment(number, {
              type: `type.${number % TYPES}`,
              reference: `order ${number}`,
              ...(number % 3 === 0 ? { dead: 'unreadable' } : {}),
              ...(number % 3 === 1 ? { unhandled: 'of a test' } : {}),
            }),
          ),
        ),
      );
      await store.takeDue({ limit: 200, leaseMs: MINUTE_MS });
      const recordedFrom = Date.now() - MINUTE_MS;
      const filters = [
        {},
        { state: 'due' },
        { state: 'running' },
        { state: 'done' },
        { state: 'dead' },
        { type: 'type.7' },
        { type: 'type.7', state: 'dead' },
        { subject: 'pay@7' },
        { reference: 'order 7' },
        { unhandled: true },
        { error: 'UNREAD' },
        { error: 'nothing of this kind' },
        { recordedFrom },
        { recordedUntil: recordedFrom },
        { recordedFrom, state: 'done', type: 'type.1' },
      ] as const;
      for (const filter of filters)
        // oxlint-disable-next-line no-await-in-loop -- one by one, to be counted
        expect([filter, await mostOf(async () => store.list(filter))]).toEqual([
          filter,
          expect.toSatisfy((count: number) => count < MOST_COMMANDS),
        ]);
      expect(await mostOf(async () => store.stats())).toBeLessThan(500);
      const prune = async () => store.prune({ doneForMs: MINUTE_MS, limit: 500 });
      expect(await mostOf(prune)).toBeLessThan(MOST_COMMANDS);
    },
    2 * MINUTE_MS,
  );
});
