import type { Pool, Client, PoolClient } from 'pg';
import { expectTypeOf, test } from 'vitest';
import type { PostgresClient, PostgresPool, PostgresTransaction } from '../src/index.js';

test('pg still fits what the store asks of a driver', () => {
  expectTypeOf<Pool>().toExtend<PostgresPool>();
  expectTypeOf<PoolClient>().toExtend<PostgresClient>();
  expectTypeOf<PoolClient>().toExtend<PostgresTransaction>();
  expectTypeOf<Client>().toExtend<PostgresTransaction>();
});
