/** One argument of a command: text, or bytes as they are. */
export type RedisArgument = string | Buffer;

/** Where an error handler or a state listener is hung up; both libraries' clients are event emitters. */
interface Emitter {
  on(event: string, listener: (...args: unknown[]) => void): unknown;
}

/** What is used of an ioredis (or iovalkey) client, cluster clients included. */
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
export interface BufferReplies {
  readonly typeMapping: { 36: BufferConstructor };
}

/** What is used of a client made by node-redis' `createClient`, version 5 or later. */
export interface NodeRedisLike {
  sendCommand(args: RedisArgument[], options: BufferReplies): Promise<unknown>;
  duplicate(): NodeRedisSubscriberLike;
}

/** What is used of a client made by node-redis' `createCluster`: the key tells it the node. */
export interface NodeRedisClusterLike {
  readonly slots: unknown;
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
  destroy(): void;
  subscribe(channel: string, listener: (message: string) => void): Promise<unknown>;
}

/** A connected client of the merchant's own: ioredis, iovalkey or node-redis. */
export type RedisClient = IoredisLike | NodeRedisLike | NodeRedisClusterLike;
