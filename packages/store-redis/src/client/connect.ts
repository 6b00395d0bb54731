import { QBitFlowError } from '@qbitflow/core';
import type { NodeRedis4ClusterLike, NodeRedis4Like, RedisClient } from './client-types.js';
import type { RedisConnection } from './connection.js';
import { ioredisConnection } from './ioredis.js';
import { nodeRedis4ClusterConnection, nodeRedis4Connection } from './node-redis-4.js';
import { nodeRedisConnection, nodeRedisPoolConnection } from './node-redis.js';

/**
 * The merchant's client as a connection. Throws `misconfigured` for anything that is neither library's client; whether
 * a client that looks right answers as it must is asked at start.
 */
export function connectionOf(client: RedisClient): RedisConnection {
  if (isPromise(client))
    throw refused(
      'a promise was given: await it first, as in `const client = await createClient({ url }).connect()`',
    );
  if (typeof client === 'object' && client !== null) {
    // ioredis has a sendCommand too, with another meaning: it is asked for first.
    if ('callBuffer' in client) return ioredisConnection(client);
    if ('withTypeMapping' in client)
      return 'execute' in client ? nodeRedisPoolConnection(client) : nodeRedisConnection(client);
    if ('sendCommand' in client && isCluster(client)) return nodeRedis4ClusterConnection(client);
    if ('sendCommand' in client) return nodeRedis4Connection(client);
  }
  throw refused(client === undefined ? 'there is none' : 'what was given is none of these');
}

/** Throws `misconfigured` where the options are missing, or are the client itself. */
export function assertHoldsClient(options: unknown): void {
  if (typeof options !== 'object' || options === null) throw refused('no options were given');
  if (isPromise(options) || 'callBuffer' in options || 'sendCommand' in options)
    throw refused('the client itself was given: pass it as `redisStore({ client })`');
}

/** Version 4.0 had another name for its slots. */
function isCluster(
  client: NodeRedis4Like | NodeRedis4ClusterLike,
): client is NodeRedis4ClusterLike {
  return 'slots' in client || 'getSlotMaster' in client;
}

function isPromise(client: unknown): boolean {
  return typeof client === 'object' && client !== null && 'then' in client;
}

function refused(found: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `redisStore needs \`client\`: an ioredis or iovalkey client, or one made by createClient, createCluster, createSentinel or createClientPool of redis (node-redis); ${found}`,
  );
}
