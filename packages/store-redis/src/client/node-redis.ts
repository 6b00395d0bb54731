import type {
  NodeRedisClusterLike,
  NodeRedisLike,
  NodeRedisPoolLike,
  RedisArgument,
  ScriptArguments,
} from './client-types.js';
import type { RedisConnection } from './connection.js';
import { listenOn } from './node-redis-listen.js';

/**
 * A client of node-redis 5 or later as a connection, whatever made it: the typed commands know the node, the sentinel's
 * primary, the pooled client to use and the client's own key prefix.
 */
export function nodeRedisConnection(
  client: NodeRedisLike | NodeRedisClusterLike | NodeRedisPoolLike,
): RedisConnection {
  const scripts = client.withTypeMapping({ 36: Buffer });
  // A pool has no duplicate; its clients have.
  const duplicate = async () =>
    'duplicate' in client
      ? client.duplicate()
      : client.execute((pooled) => pooled.duplicate());
  return {
    evalsha: async (sha, key, args) => scripts.evalSha(sha, withKey(key, args)),
    eval: async (text, key, args) => scripts.eval(text, withKey(key, args)),
    info: async () => client.info(),
    listen: (channel, onMessage) => listenOn(duplicate, channel, onMessage),
  };
}

function withKey(key: string, args: readonly RedisArgument[]): ScriptArguments {
  return { keys: [key], arguments: [...args] };
}
