/** One argument of a command: text, or bytes as they are. */
export type RedisArgument = string | Buffer;

/** Where an error handler or a state listener is hung up; both libraries' clients are event emitters. */
interface Emitter {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What is used of an ioredis (or iovalkey) client, cluster clients and those that follow sentinels included. */
export interface IoredisLike {
  callBuffer(command: string, args: RedisArgument[]): Promise<unknown>;
  /** There in every version, though their types leave it out. `callBuffer` fails under `enableAutoPipelining`. */
  evalBuffer?(...args: RedisArgument[]): Promise<unknown>;
  /** As above. */
  evalshaBuffer?(...args: RedisArgument[]): Promise<unknown>;
  info(): Promise<unknown>;
  duplicate(): IoredisSubscriberLike;
}

/** What is used of an ioredis client that only listens. */
export interface IoredisSubscriberLike extends Emitter {
  readonly status: string;
  connect(): Promise<unknown>;
  disconnect(): void;
  subscribe(channel: string): Promise<unknown>;
}

/** How node-redis is asked for bytes: reply type 36 (`$`, the bulk string) as a Buffer. */
export interface BytesMapping {
  readonly 36: BufferConstructor;
}

/** How node-redis takes keys and arguments of a script. */
export interface ScriptArguments {
  keys: RedisArgument[];
  arguments: RedisArgument[];
}

/** What is used of a node-redis client, version 5 or later, that answers with bytes. */
export interface NodeRedisScripts {
  eval(script: string, options: ScriptArguments): Promise<unknown>;
  evalSha(sha: string, options: ScriptArguments): Promise<unknown>;
}

/** What is used of every client of node-redis, version 5 or later. */
interface NodeRedisBase {
  readonly isOpen?: boolean;
  withTypeMapping(mapping: BytesMapping): NodeRedisScripts;
  /** Cluster clients of version 5 have none. */
  info?(): Promise<unknown>;
}

/** What is used of a client made by node-redis' `createClient` or `createSentinel`, version 5 or later. */
export interface NodeRedisLike extends NodeRedisBase {
  /** Sentinel clients of version 5 have none. */
  duplicate?(): NodeRedisSubscriberLike;
  subscribe(channel: string, listener: (message: unknown) => void): Promise<unknown>;
  unsubscribe(channel: string, listener: (message: unknown) => void): Promise<unknown>;
}

/** What is used of a client made by node-redis' `createCluster`, version 5 or later. */
export interface NodeRedisClusterLike extends NodeRedisLike {
  readonly slots: unknown;
}

/** What is used of a client that node-redis' pool lends. */
export interface NodeRedisPooledLike {
  withTypeMapping(mapping: BytesMapping): NodeRedisScripts;
  duplicate(): NodeRedisSubscriberLike;
}

/** What is used of a pool made by node-redis' `createClientPool`, version 5 or later. */
export interface NodeRedisPoolLike extends NodeRedisBase {
  execute<T>(task: (client: NodeRedisPooledLike) => T): Promise<Awaited<T>>;
}

/** How node-redis 4 is asked for bytes. */
export interface BufferReplies {
  readonly returnBuffers: true;
}

/** What is used of a client made by `createClient` of node-redis 4. */
export interface NodeRedis4Like {
  sendCommand(args: RedisArgument[], options: BufferReplies): Promise<unknown>;
  duplicate(): NodeRedisSubscriberLike;
}

/** What is used of a client made by `createCluster` of node-redis 4: the key tells it the node. */
export interface NodeRedis4ClusterLike {
  sendCommand(
    firstKey: string | undefined,
    isReadonly: boolean,
    args: RedisArgument[],
    options: BufferReplies,
  ): Promise<unknown>;
  duplicate(): NodeRedisSubscriberLike;
}

/** What is used of a node-redis client that only listens. */
export interface NodeRedisSubscriberLike extends Emitter {
  connect(): Promise<unknown>;
  /** Not there before version 5. */
  destroy?(): unknown;
  /** Of version 4. */
  disconnect?(): Promise<unknown>;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}

/** A client of the merchant's own: ioredis, iovalkey or node-redis. */
export type RedisClient =
  | IoredisLike
  | NodeRedisLike
  | NodeRedisClusterLike
  | NodeRedisPoolLike
  | NodeRedis4Like
  | NodeRedis4ClusterLike;
