import { docsOfLine, type StoreStart } from '@qbitflow/core/store';
import type { Connection } from './connection.js';
import { STORE } from './options.js';

/** Journals with which a crash in the middle of a write may leave a database that cannot be read. */
const RISKY = ['memory', 'off'];

/** Says at start what about the merchant's database makes the store's promises weaker than they are. */
export function warnOfRisks(db: Connection, start: StoreStart | undefined): void {
  if (start === undefined || inMemory(db)) return;
  const mode = db.all('PRAGMA journal_mode').at(0)?.['journal_mode'];
  if (typeof mode !== 'string' || !RISKY.includes(mode)) return;
  start.logger.warn(
    { code: 'store_at_risk', store: STORE, journalMode: mode, docs: docsOfLine('store_at_risk') },
    `a crash may damage this SQLite database, which keeps its journal ${mode === 'off' ? 'nowhere' : 'in memory'}: run PRAGMA journal_mode = WAL when you open it`,
  );
}

/** There the mode is always `memory`, and the kit warns already. */
function inMemory(db: Connection): boolean {
  const main = db.all('PRAGMA database_list').find((row) => row['name'] === 'main');
  return main?.['file'] === '';
}
