import { Redis } from 'ioredis';
import { createClient } from 'redis';
import { loadSources } from './load-sources.mjs';

/** A store of another process's own, with a client of its own. */
export async function open({ library, url, prefix }) {
  const { redisStore } = await loadSources();
  const client = library === 'ioredis' ? new Redis(url) : await createClient({ url }).connect();
  return redisStore({ client, prefix });
}
