// What other processes of a test load: the package as built, for Node cannot run its sources.
import { sqliteStore } from '@qbitflow/store-sqlite';

/** A store on the file and with the options a test names. */
export async function open({ file, ...options }) {
  return sqliteStore(file, options);
}
