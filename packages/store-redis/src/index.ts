export { redisStore, type RedisStoreOptions } from './redis-store.js';
export type {
  BufferReplies,
  IoredisLike,
  IoredisSubscriberLike,
  NodeRedisClusterLike,
  NodeRedisLike,
  NodeRedisSubscriberLike,
  RedisArgument,
  RedisClient,
} from './client/client-types.js';
