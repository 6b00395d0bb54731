// Starts a store and has nothing more to do: ends when the pool's idle time is over, though nobody closed anything.
// node idle-process.mjs <url> <schema>
import { postgresStore } from '@qbitflow/store-postgres';
import { Pool } from 'pg';

const [url, schema] = process.argv.slice(2);
const pool = new Pool({ connectionString: url, idleTimeoutMillis: 100 });
const store = postgresStore({ pool, schema });
await store.init();
store.onDue(() => undefined);
