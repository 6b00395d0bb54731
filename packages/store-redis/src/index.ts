/**
 * An inbox in Redis or Valkey.
 * @module @qbitflow/store-redis
 */

export { redisStore } from './store.js';
export type { RedisStoreOptions } from './options.js';
export type {
  BufferReplies,
  BytesMapping,
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
  ScriptArguments,
} from './client-types.js';
