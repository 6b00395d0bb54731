import { QBitFlowError } from '@qbitflow/core';
import type { RedisClient } from './client-types.js';
import type { RedisConnection } from './connection.js';
import { ioredisConnection } from './ioredis.js';
import { nodeRedisClusterConnection, nodeRedisConnection } from './node-redis.js';

/** The merchant's client as a connection. Throws `misconfigured` for anything that is neither library's client. */
export function connectionOf(client: RedisClient): RedisConnection {
  if (typeof client === 'object' && client !== null) {
    // ioredis has a sendCommand too, with another meaning: it is asked for first.
    if ('callBuffer' in client) return ioredisConnection(client);
    if ('slots' in client) return nodeRedisClusterConnection(client);
    if ('sendCommand' in client) return nodeRedisConnection(client);
  }
  throw new QBitFlowError(
    'misconfigured',
    'redisStore needs `client`: an ioredis or iovalkey client, or one made by createClient or createCluster of redis 5 or later',
  );
}
