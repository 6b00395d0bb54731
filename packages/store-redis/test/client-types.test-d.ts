import type { Cluster, Redis } from 'ioredis';
import type { createClient, createCluster, RedisClientType } from 'redis';
import { expectTypeOf, test } from 'vitest';
import type { IoredisLike, NodeRedisClusterLike, NodeRedisLike } from '../src/index.js';

// A failure means that a library's types have drifted from what the store declares of them.
test('ioredis clients fit', () => {
  expectTypeOf<Redis>().toExtend<IoredisLike>();
  expectTypeOf<Cluster>().toExtend<IoredisLike>();
});

test('node-redis clients fit', () => {
  expectTypeOf<ReturnType<typeof createClient>>().toExtend<NodeRedisLike>();
  expectTypeOf<RedisClientType>().toExtend<NodeRedisLike>();
  expectTypeOf<ReturnType<typeof createCluster>>().toExtend<NodeRedisClusterLike>();
});
