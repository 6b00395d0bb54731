// Starts a store and has nothing more to do: ends when the pool's idle time is over, though nobody closed anything.
// node idle-process.mjs <url> <schema>
import { join } from 'node:path';
import { Pool } from 'pg';
import { loadSources } from './load-sources.mjs';

const [url, schema] = process.argv.slice(2);
const { module, close } = await loadSources(join(import.meta.dirname, '..', '..'));
const pool = new Pool({ connectionString: url, idleTimeoutMillis: 100 });
const store = module.postgresStore({ pool, schema });
await store.init();
store.onDue(() => undefined);
await close();
