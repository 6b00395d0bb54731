import type {
  BufferReplies,
  NodeRedisClusterLike,
  NodeRedisLike,
  NodeRedisSubscriberLike,
  RedisArgument,
} from './client-types.js';
import type { RedisConnection } from './connection.js';

const BUFFER_REPLIES: BufferReplies = { typeMapping: { 36: Buffer } };

/** A node-redis client as a connection. */
export function nodeRedisConnection(client: NodeRedisLike): RedisConnection {
  return connectionWith(client, async (args) => client.sendCommand(args, BUFFER_REPLIES));
}

/** A node-redis cluster client as a connection. */
export function nodeRedisClusterConnection(client: NodeRedisClusterLike): RedisConnection {
  return connectionWith(client, async (args, key) =>
    client.sendCommand(key, false, args, BUFFER_REPLIES),
  );
}

function connectionWith(
  client: NodeRedisLike | NodeRedisClusterLike,
  send: (args: RedisArgument[], key?: string) => Promise<unknown>,
): RedisConnection {
  return {
    evalsha: async (sha, key, args) => send(['EVALSHA', sha, '1', key, ...args], key),
    eval: async (text, key, args) => send(['EVAL', text, '1', key, ...args], key),
    info: async () => send(['INFO']),
    listen: (channel, onMessage) => listenOn(client.duplicate(), channel, onMessage),
  };
}

function listenOn(
  subscriber: NodeRedisSubscriberLike,
  channel: string,
  onMessage: (message: string) => void,
): () => void {
  let closed = false;
  function close(): void {
    closed = true;
    try {
      subscriber.destroy();
    } catch {
      // It was not open, or no longer.
    }
  }
  async function connect(): Promise<void> {
    await subscriber.connect();
    if (closed) close();
    else await subscriber.subscribe(channel, onMessage);
  }
  // An error event that nobody listens to ends the process; reconnecting is the library's affair.
  subscriber.on('error', ignore);
  connect().catch(ignore);
  return close;
}

function ignore(): void {
  // Polling goes on without hints.
}
