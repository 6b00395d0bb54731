import { Redis } from 'ioredis';
import { createClient } from 'redis';
import type { RedisClient } from '../../src/index.js';

/** The libraries every behaviour is tested with. */
export const LIBRARIES = ['ioredis', 'node-redis'] as const;

export type Library = (typeof LIBRARIES)[number];

export interface OpenClient {
  readonly client: RedisClient;
  readonly close: () => void;
}

/** A connected client as a merchant would make it. */
export async function openClient(library: Library, url: string): Promise<OpenClient> {
  return library === 'ioredis' ? openIoredis(url) : openNodeRedis(url);
}

async function openIoredis(url: string): Promise<OpenClient> {
  const client = new Redis(url, {
    lazyConnect: true,
    retryStrategy: () => 50,
    // It says so on the console when a user may not ask for INFO.
    enableReadyCheck: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  return { client, close: () => client.disconnect() };
}

async function openNodeRedis(url: string): Promise<OpenClient> {
  const client = createClient({ url, socket: { reconnectStrategy: () => 50 } });
  client.on('error', () => undefined);
  await client.connect();
  return { client, close: () => client.destroy() };
}
