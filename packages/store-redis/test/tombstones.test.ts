import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { describe, expect, test } from 'vitest';
import { adminOf } from './support/admin.js';
import { payment } from './support/deliveries.js';
import { HAS_REDIS } from './support/shared-server.js';
import { openStore } from './support/stores.js';
import { startServer } from './support/throwaway-server.js';

/** A key as long as real ones are. */
function uuidOf(number: number): string {
  const hex = createHash('md5').update(String(number)).digest('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

async function usedMemory(admin: Redis): Promise<number> {
  await admin.call('MEMORY', 'PURGE');
  return Number(/used_memory:(\d+)/.exec(await admin.info('memory'))?.[1]);
}

/** What all keys of the store take, as the server counts it. */
async function keysMemory(admin: Redis): Promise<number> {
  const sizes = await Promise.all(
    (await admin.keys('*')).map(async (key) => admin.memory('USAGE', key, 'SAMPLES', 0)),
  );
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

describe.skipIf(!HAS_REDIS)('tombstones', () => {
  test.each([
    ['as Redis is set up by default', 40_000, []],
    ['where small hashes are not packed', 20_000, ['--hash-max-listpack-entries', '0']],
  ])(
    'take at most 100 bytes each, %s',
    async (_name, many, settings) => {
      const { url } = await startServer(...settings);
      const admin = adminOf(url);
      const store = await openStore('ioredis', url, { prefix: 'qbitflow', timeoutMs: 60_000 });
      const pay = (number: number) => {
        const subject = `pay@${uuidOf(number)}`;
        // Done at once, as nobody may handle it.
        return payment(number, { key: `payment.completed:${subject}`, subject, unhandled: 'test' });
      };
      // One whole life first: scripts and buffers are there when it is measured.
      await store.record(pay(many));
      await store.prune({ doneForMs: 0, limit: 10 });
      const before = await usedMemory(admin);
      for (let done = 0; done < many; done += 10_000) {
        // oxlint-disable-next-line no-await-in-loop -- more at once would be measured too
        await Promise.all(
          Array.from({ length: 10_000 }, async (_, index) => store.record(pay(done + index))),
        );
        // oxlint-disable-next-line no-await-in-loop -- as above
        await store.prune({ doneForMs: 0, limit: 20_000 });
      }
      expect(await store.stats()).toMatchObject({ due: 0, running: 0, done: 0, unhandled: 0 });
      const used = ((await usedMemory(admin)) - before) / many;
      const keys = (await keysMemory(admin)) / many;
      process.stdout.write(
        `a tombstone of ${many}: ${keys.toFixed(1)} bytes in keys, ${used.toFixed(1)} in all\n`,
      );
      expect(keys).toBeLessThan(100);
      expect(used).toBeLessThan(100);
      expect(await store.record(pay(7_777))).toEqual({ status: 'duplicate', state: 'done' });
      expect(await store.prune({ doneForMs: 0, keepKeysMs: 0, limit: many * 2 })).toBe(many + 1);
      expect(await admin.keys('{qbitflow}:2:gone*')).toEqual([]);
      expect(await store.record(pay(7_777))).toEqual({ status: 'recorded' });
    },
    120_000,
  );
});
