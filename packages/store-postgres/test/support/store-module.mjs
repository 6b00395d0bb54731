// What other processes of a test load: the package as built, for Node cannot run its sources.
import { postgresStore } from '@qbitflow/store-postgres';

/** Opens a store on a schema from another process. */
export async function open({ url, schema }) {
  return postgresStore({ connectionString: url, schema });
}
