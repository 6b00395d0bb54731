import type { Pool, Client, PoolClient } from 'pg';
import { expectTypeOf, test } from 'vitest';
import { withTransaction } from '../src/index.js';
import type {
  PostgresClient,
  PostgresPool,
  PostgresTransaction,
  TransactionClient,
} from '../src/index.js';

test('pg still fits what the store asks of a driver', () => {
  expectTypeOf<Pool>().toExtend<PostgresPool>();
  expectTypeOf<PoolClient>().toExtend<PostgresClient>();
  expectTypeOf<PoolClient>().toExtend<PostgresTransaction>();
  expectTypeOf<Client>().toExtend<PostgresTransaction>();
});

test('withTransaction gives the client in as much of its type as the handler asks for', () => {
  const context = { transaction: async <T>(work: (tx: unknown) => Promise<T>) => work(undefined) };
  expectTypeOf(
    withTransaction(context, async (tx) => tx),
  ).resolves.toEqualTypeOf<TransactionClient>();
  expectTypeOf(
    withTransaction(context, async (tx: PoolClient) => tx),
  ).resolves.toEqualTypeOf<PoolClient>();
  expectTypeOf(withTransaction(context, async () => 'done')).resolves.toEqualTypeOf<string>();
});
