import { Redis } from 'ioredis';
import { redisStore } from '@qbitflow/store-redis';

/** `redis://host:port`, with `?prefix=` for a store of its own. */
export function openStore(value) {
  const url = new URL(value);
  const prefix = url.searchParams.get('prefix') ?? undefined;
  url.search = '';
  const client = new Redis(url.href, {
    maxRetriesPerRequest: 1,
    retryStrategy: (tries) => Math.min(tries * 50, 500),
  });
  // An error event that nobody listens to is printed by the library; each failed call is reported anyway.
  client.on('error', () => undefined);
  return { store: redisStore({ client, prefix }), release: async () => client.disconnect() };
}
