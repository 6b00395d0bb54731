export { redisStore, type RedisStoreOptions } from './redis-store.js';
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
} from './client/client-types.js';
