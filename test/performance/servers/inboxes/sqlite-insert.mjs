// What people write by hand: one INSERT into SQLite a request, each a commit on the disk, then the 200.
import { createServer } from 'node:http';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { openSqlite } from '../shared/open-sqlite.mjs';
import { sqliteFile } from '../shared/space.mjs';

const database = await openSqlite(sqliteFile);
database.exec('CREATE TABLE event (id TEXT PRIMARY KEY, body TEXT NOT NULL) WITHOUT ROWID');
const insert = database.prepare(
  'INSERT INTO event (id, body) VALUES (?, ?) ON CONFLICT DO NOTHING',
);

function keep(body) {
  const text = body.toString('utf8');
  const { changes } = insert.run(JSON.parse(text).id, text);
  return changes === 0 ? { received: true, duplicate: true } : { received: true };
}

listen(createServer(nodeRoute(keep)));
