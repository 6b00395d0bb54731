import type { NodeRedis4ClusterLike, NodeRedis4Like, RedisArgument } from './client-types.js';
import type { RedisConnection } from './connection.js';
import { listenOn } from './node-redis-listen.js';

const BYTES = { returnBuffers: true } as const;

/** A client of node-redis 4 as a connection. */
export function nodeRedis4Connection(client: NodeRedis4Like): RedisConnection {
  return connectionWith(client, async (args) => client.sendCommand(args, BYTES));
}

/** A cluster client of node-redis 4 as a connection. */
export function nodeRedis4ClusterConnection(client: NodeRedis4ClusterLike): RedisConnection {
  return connectionWith(client, async (args, key) => client.sendCommand(key, false, args, BYTES));
}

function connectionWith(
  client: NodeRedis4Like | NodeRedis4ClusterLike,
  send: (args: RedisArgument[], key?: string) => Promise<unknown>,
): RedisConnection {
  return {
    evalsha: async (sha, key, args) => send(['EVALSHA', sha, '1', key, ...args], key),
    eval: async (text, key, args) => send(['EVAL', text, '1', key, ...args], key),
    info: async () => send(['INFO']),
    listen: (channel, onMessage) => listenOn(() => client.duplicate(), channel, onMessage),
  };
}
