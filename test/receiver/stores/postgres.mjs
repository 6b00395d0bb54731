import { Pool } from 'pg';
import { postgresStore } from '@qbitflow/store-postgres';

const CONNECT_MS = 5_000;

/** `postgres://user@host:port/database`, with `?schema=` for a store of its own. The pool is the merchant's too. */
export function openStore(value) {
  const url = new URL(value);
  const schema = url.searchParams.get('schema') ?? undefined;
  url.search = '';
  const pool = new Pool({
    connectionString: url.href,
    connectionTimeoutMillis: CONNECT_MS,
    max: 10,
  });
  pool.on('error', () => undefined);
  return { store: postgresStore({ pool, schema }), release: async () => pool.end() };
}
