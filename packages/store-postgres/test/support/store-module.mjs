import { join } from 'node:path';
import { loadSources } from './load-sources.mjs';

/** Opens a store on a schema from another process. */
export async function open({ url, schema }) {
  const { module } = await loadSources(join(import.meta.dirname, '..', '..'));
  return module.postgresStore({ connectionString: url, schema });
}
