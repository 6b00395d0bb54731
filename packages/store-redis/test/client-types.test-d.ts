import type { Cluster, Redis } from 'ioredis';
import type {
  createClient,
  createClientPool,
  createCluster,
  createSentinel,
  RedisClientPoolType,
  RedisClientType,
  RedisSentinelType,
} from 'redis';
import { expectTypeOf, test } from 'vitest';
import type {
  IoredisLike,
  NodeRedisClusterLike,
  NodeRedisLike,
  NodeRedisPoolLike,
  RedisClient,
} from '../src/index.js';

// A failure means that a library's types have drifted from what the store declares of them.
test('ioredis clients fit', () => {
  expectTypeOf<Redis>().toExtend<IoredisLike>();
  expectTypeOf<Cluster>().toExtend<IoredisLike>();
});

test('node-redis clients fit', () => {
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<NodeRedisLike>();
  expectTypeOf<RedisClientType>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<NodeRedisClusterLike>();
  expectTypeOf<ReturnType<typeof createSentinel>>().toExtend<NodeRedisLike>();
  expectTypeOf<RedisSentinelType>().toExtend<RedisClient>();
  expectTypeOf<ReturnType<typeof createClientPool>>().toExtend<NodeRedisPoolLike>();
  expectTypeOf<RedisClientPoolType>().toExtend<RedisClient>();
});
