import type {
  IoredisLike,
  IoredisSubscriberLike,
  NodeRedis4ClusterLike,
  NodeRedis4Like,
  NodeRedisClusterLike,
  NodeRedisLike,
  NodeRedisPooledLike,
  NodeRedisPoolLike,
  NodeRedisScripts,
  NodeRedisSubscriberLike,
  RedisArgument,
  RedisClient,
} from './client-types.js';
import { isPromise, noClient } from './options.js';

/** All that the store asks of a Redis client, whichever library made it. */
export interface RedisConnection {
  /** Runs a script Redis knows, with one key, which also tells a cluster client the node. Texts in the reply are Buffers. */
  evalsha(sha: string, key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** Runs a script by its text; Redis knows it from then on. */
  eval(text: string, key: string, args: readonly RedisArgument[]): Promise<unknown>;
  /** What the server says of itself. */
  info(): Promise<unknown>;
  /**
   * Listens on a connection of its own. It never throws and never rejects: without pub/sub there is silence.
   * Returns how to close that connection.
   */
  listen(channel: string, onMessage: (message: string) => void): () => void;
}

/**
 * The merchant's client as a connection. Throws `misconfigured` for anything that is neither library's client; whether
 * a client that looks right answers as it must is asked at start.
 */
export function connectionOf(client: RedisClient): RedisConnection {
  if (isPromise(client))
    throw noClient(
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
  throw noClient(client === undefined ? 'there is none' : 'what was given is none of these');
}

/** Version 4.0 had another name for its slots. */
function isCluster(
  client: NodeRedis4Like | NodeRedis4ClusterLike,
): client is NodeRedis4ClusterLike {
  return 'slots' in client || 'getSlotMaster' in client;
}

/** An ioredis or iovalkey client as a connection. */
function ioredisConnection(client: IoredisLike): RedisConnection {
  return {
    evalsha: async (sha, key, args) =>
      client.evalshaBuffer?.(sha, '1', key, ...args) ??
      client.callBuffer('evalsha', [sha, '1', key, ...args]),
    eval: async (text, key, args) =>
      client.evalBuffer?.(text, '1', key, ...args) ??
      client.callBuffer('eval', [text, '1', key, ...args]),
    info: async () => client.info(),
    listen(channel, onMessage) {
      const subscriber = subscriberOf(client);
      if (subscriber === undefined) return ignore;
      // An error event without a listener ends the process; reconnecting is the library's affair.
      subscriber.on('error', ignore);
      subscriber.on('message', (_channel, message) => {
        onMessage(String(message));
      });
      // Only once ready: a client without an offline queue refuses what comes earlier.
      subscriber.on('ready', () => {
        subscriber.subscribe(channel).catch(ignore);
      });
      if (subscriber.status === 'wait') subscriber.connect().catch(ignore);
      return () => {
        subscriber.disconnect();
      };
    },
  };
}

/** A wrapped client may have none. */
function subscriberOf(client: IoredisLike): IoredisSubscriberLike | undefined {
  try {
    return client.duplicate();
  } catch {
    return undefined;
  }
}

const BYTES = { 36: Buffer } as const;

/**
 * A client of node-redis 5 or later as a connection, whatever made it: the typed commands know the node, the sentinel's
 * primary and the client's own key prefix.
 */
function nodeRedisConnection(client: NodeRedisLike | NodeRedisClusterLike): RedisConnection {
  const scripts = client.withTypeMapping(BYTES);
  return scriptConnection(client, {
    call: async (run) => run(scripts),
    listen: (channel, onMessage) =>
      'duplicate' in client
        ? listenOn(() => client.duplicate?.(), channel, onMessage)
        : listenOver(client, channel, onMessage),
  });
}

/** A pool of node-redis 5 or later as a connection. */
function nodeRedisPoolConnection(pool: NodeRedisPoolLike): RedisConnection {
  const scripts = pool.withTypeMapping(BYTES);
  // Version 5.0's pool leaves the rejection of a failed task unhandled, which ends the process, and knows no key prefix.
  const mayReject = '_keyPrefix' in pool;
  return scriptConnection(pool, {
    call: async (run) => (mayReject ? run(scripts) : throughSettledTask(pool, run)),
    // A pool has no duplicate; its clients have.
    listen: (channel, onMessage) =>
      listenOn(async () => pool.execute(duplicateOf), channel, onMessage),
  });
}

type ScriptCall = (scripts: NodeRedisScripts) => Promise<unknown>;

function scriptConnection(
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

const BUFFERS = { returnBuffers: true } as const;

/** A client of node-redis 4 as a connection. */
function nodeRedis4Connection(client: NodeRedis4Like): RedisConnection {
  return commandConnection(client, async (args) => client.sendCommand(args, BUFFERS));
}

/** A cluster client of node-redis 4 as a connection. */
function nodeRedis4ClusterConnection(client: NodeRedis4ClusterLike): RedisConnection {
  return commandConnection(client, async (args, key) =>
    client.sendCommand(key, false, args, BUFFERS),
  );
}

function commandConnection(
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

/**
 * Listens on a connection of its own, which `duplicate` makes. It never throws and never rejects. Returns how to close
 * that connection.
 */
function listenOn(
  duplicate: () => NodeRedisSubscriberLike | Promise<NodeRedisSubscriberLike> | undefined,
  channel: string,
  onMessage: (message: string) => void,
): () => void {
  let closed = false;
  let subscriber: NodeRedisSubscriberLike | undefined;

  async function connect(): Promise<void> {
    subscriber = await duplicate();
    if (subscriber === undefined) return;
    // An error event without a listener ends the process; reconnecting is the library's affair.
    subscriber.on('error', ignore);
    if (closed) return;
    await subscriber.connect();
    if (closed) end(subscriber);
    else await subscriber.subscribe(channel, onMessage);
  }
  connect().catch(ignore);
  return () => {
    closed = true;
    if (subscriber !== undefined) end(subscriber);
  };
}

/** Listens over the merchant's own client, which keeps such connections apart itself. Returns how to stop. */
function listenOver(
  client: Pick<NodeRedisLike, 'subscribe' | 'unsubscribe'>,
  channel: string,
  onMessage: (message: string) => void,
): () => void {
  const listener = (message: unknown): void => {
    onMessage(String(message));
  };
  const started = (async () => client.subscribe(channel, listener))().catch(ignore);
  return () => {
    void started.then(async () => client.unsubscribe(channel, listener)).catch(ignore);
  };
}

function end(subscriber: NodeRedisSubscriberLike): void {
  // It may throw, or reject, when it is not open yet or no longer.
  destroy(subscriber).catch(ignore);
}

async function destroy(subscriber: NodeRedisSubscriberLike): Promise<void> {
  if (subscriber.destroy === undefined) await subscriber.disconnect?.();
  else await subscriber.destroy();
}

function ignore(): void {
  // Polling goes on without hints.
}
