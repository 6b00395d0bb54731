import { randomUUID } from 'node:crypto';
import type { DurableStore } from '@qbitflow/core';
import { onTestFinished } from 'vitest';
import { redisStore, type RedisStoreOptions } from '../../src/index.js';
import { openClient, type Library } from './clients.js';
import { REDIS_URL, removeKeys } from './shared-server.js';

type Options = Omit<RedisStoreOptions, 'client'>;

/** A store over a client of its own, both closed and its keys deleted when the test ends. */
export async function openStore(
  library: Library,
  url: string,
  options: Options = {},
): Promise<DurableStore> {
  const { client, close } = await openClient(library, url);
  const prefix = options.prefix ?? `test-${randomUUID()}`;
  const store = redisStore({ ...options, client, prefix });
  onTestFinished(async () => {
    await store.close();
    close();
    // A throw-away server goes with its keys.
    if (url === REDIS_URL) await removeKeys(prefix);
  });
  return store;
}
