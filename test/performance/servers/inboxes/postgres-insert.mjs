// What people write by hand: one INSERT into PostgreSQL a request, then the 200. Nothing works the table off.
import { createServer } from 'node:http';
import { Pool } from 'pg';
import { listen } from '../shared/listen.mjs';
import { nodeRoute } from '../shared/node-route.mjs';
import { postgresUrl, space } from '../shared/space.mjs';

const pool = new Pool({ connectionString: postgresUrl });
await pool.query(`CREATE SCHEMA IF NOT EXISTS ${space}`);
await pool.query(
  `CREATE TABLE ${space}.event (id text PRIMARY KEY, body jsonb NOT NULL, at timestamptz NOT NULL DEFAULT now())`,
);

async function keep(body) {
  const text = body.toString('utf8');
  const { id } = JSON.parse(text);
  const insert = `INSERT INTO ${space}.event (id, body) VALUES ($1, $2) ON CONFLICT DO NOTHING`;
  const { rowCount } = await pool.query(insert, [id, text]);
  return rowCount === 0 ? { received: true, duplicate: true } : { received: true };
}

listen(createServer(nodeRoute(keep)));
