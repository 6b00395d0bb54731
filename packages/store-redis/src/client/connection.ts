import type { RedisArgument } from './client-types.js';

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
