// What other processes of a test load: the package as built, for Node cannot run its sources.
import { redisStore } from '@qbitflow/store-redis';
import { Redis } from 'ioredis';
import { createClient } from 'redis';

/** A store of another process's own, with a client of its own. */
export async function open({ library, url, prefix }) {
  const client = library === 'ioredis' ? new Redis(url) : await createClient({ url }).connect();
  return redisStore({ client, prefix });
}
