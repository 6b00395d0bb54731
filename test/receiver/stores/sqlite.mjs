import Libsql from 'libsql';
import { sqliteStore } from '@qbitflow/store-sqlite';

/** How a database file can get into trouble, and out of it again. */
const TROUBLES = {
  /** No further page: what a full disk looks like to SQLite. */
  full: { begin: 'PRAGMA max_page_count = 1', end: 'PRAGMA max_page_count = 1073741823' },
  readonly: { begin: 'PRAGMA query_only = 1', end: 'PRAGMA query_only = 0' },
};

/** `sqlite:<file>`; with `?trouble=full` or `?trouble=readonly` each SIGUSR2 begins or ends that trouble. */
export function openStore(value) {
  const [file, query] = value.slice('sqlite:'.length).split('?');
  const trouble = TROUBLES[new URLSearchParams(query).get('trouble')];
  if (trouble === undefined) return { store: sqliteStore(file), release: async () => undefined };
  const database = new Libsql(file);
  database.exec('PRAGMA journal_mode = WAL');
  let inTrouble = false;
  process.on('SIGUSR2', () => {
    inTrouble = !inTrouble;
    database.exec(inTrouble ? trouble.begin : trouble.end);
  });
  return { store: sqliteStore(database), release: async () => database.close() };
}
