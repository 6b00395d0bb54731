// The SQLite driver that the kit's store would choose: node:sqlite from Node 24.15 on, else libsql.

const [major, minor] = process.versions.node.split('.').map(Number);
const hasItsOwn = major > 24 || (major === 24 && minor >= 15);

/** An open database in the write-ahead log's mode that waits for the disk with each commit. */
export async function openSqlite(file) {
  const Database = hasItsOwn
    ? (await import('node:sqlite')).DatabaseSync
    : (await import('libsql')).default;
  const database = new Database(file);
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
  return database;
}
