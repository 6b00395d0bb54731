import type {
  NodeRedisClusterLike,
  NodeRedisLike,
  NodeRedisPooledLike,
  NodeRedisPoolLike,
  NodeRedisScripts,
  NodeRedisSubscriberLike,
  RedisArgument,
} from './client-types.js';
import type { RedisConnection } from './connection.js';
import { listenOn, listenOver } from './node-redis-listen.js';

const BYTES = { 36: Buffer } as const;

/**
 * A client of node-redis 5 or later as a connection, whatever made it: the typed commands know the node, the sentinel's
 * primary and the client's own key prefix.
 */
export function nodeRedisConnection(client: NodeRedisLike | NodeRedisClusterLike): RedisConnection {
  const scripts = client.withTypeMapping(BYTES);
  return connectionWith(client, {
    call: async (run) => run(scripts),
    listen: (channel, onMessage) =>
      'duplicate' in client
        ? listenOn(() => client.duplicate?.(), channel, onMessage)
        : listenOver(client, channel, onMessage),
  });
}

/** A pool of node-redis 5 or later as a connection. */
export function nodeRedisPoolConnection(pool: NodeRedisPoolLike): RedisConnection {
  const scripts = pool.withTypeMapping(BYTES);
  // Version 5.0's pool leaves the rejection of a failed task unhandled, which ends the process, and knows no key prefix.
  const mayReject = '_keyPrefix' in pool;
  return connectionWith(pool, {
    call: async (run) => (mayReject ? run(scripts) : throughSettledTask(pool, run)),
    // A pool has no duplicate; its clients have.
    listen: (channel, onMessage) =>
      listenOn(async () => pool.execute(duplicateOf), channel, onMessage),
  });
}

type ScriptCall = (scripts: NodeRedisScripts) => Promise<unknown>;

function connectionWith(
  client: NodeRedisLike | NodeRedisClusterLike | NodeRedisPoolLike,
  {
    call,
    listen,
  }: Pick<RedisConnection, 'listen'> & {
    readonly call: (run: ScriptCall) => Promise<unknown>;
  },
): RedisConnection {
  const send: typeof call = async (run) => {
    // A sentinel client that was never connected fails with a TypeError of its own.
    if (client.isOpen === false) throw new Error('The client is closed');
    return call(run);
  };
  return {
    evalsha: async (sha, key, args) => send((scripts) => scripts.evalSha(sha, withKey(key, args))),
    eval: async (text, key, args) => send((scripts) => scripts.eval(text, withKey(key, args))),
    info: async () => client.info?.(),
    listen,
  };
}

function duplicateOf(client: NodeRedisPooledLike): NodeRedisSubscriberLike {
  return client.duplicate();
}

async function throughSettledTask(pool: NodeRedisPoolLike, run: ScriptCall): Promise<unknown> {
  const [result] = await pool.execute(async (client) =>
    Promise.allSettled([run(client.withTypeMapping(BYTES))]),
  );
  if (result.status === 'rejected') throw result.reason;
  return result.value;
}

function withKey(key: string, args: readonly RedisArgument[]) {
  return { keys: [key], arguments: [...args] };
}
