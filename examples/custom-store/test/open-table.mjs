import { Pool } from 'pg';
import { postgresTable } from '../postgres-table.mjs';
import { tableStore } from '../table-store.mjs';

/** The store on a pool of its own: for the suite and, by this file's name, for its processes. */
export async function open({ url, name }) {
  const pool = new Pool({ connectionString: url, max: 5 });
  let ending;
  const end = async () => (ending ??= pool.end());
  return { ...tableStore(postgresTable(pool, name)), close: end };
}
