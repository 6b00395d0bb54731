import type { Pool } from 'pg';

/** What the release before this schema did, in its own words: the schema it made and the statements it sent. */
export interface ReleaseBefore {
  createSchema(): Promise<void>;
  /** `fresh` where it recorded, else the state it found; `undefined` where it found nothing and would ask again. */
  record(key: string, dead?: string): Promise<string | undefined>;
  takeDue(limit: number, leaseMs: number): Promise<{ key: string; token: string }[]>;
  extend(claim: Claimed, leaseMs: number): Promise<boolean>;
  complete(claim: Claimed): Promise<boolean>;
  retry(claim: Claimed, delayMs: number): Promise<boolean>;
  bury(claim: Claimed): Promise<boolean>;
  replay(key: string): Promise<boolean>;
  discard(key: string): Promise<boolean>;
  prune(doneForMs: number): Promise<number>;
}

interface Claimed {
  readonly key: string;
  readonly token: string;
}

const SCHEMA = `
CREATE SCHEMA "SCHEMA";
CREATE TABLE "SCHEMA".migration (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now());
CREATE SEQUENCE "SCHEMA".delivery_seq;
CREATE TABLE "SCHEMA".delivery (
  key text PRIMARY KEY,
  seq bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('due', 'running', 'done', 'dead')),
  at timestamptz NOT NULL,
  token text,
  started integer NOT NULL DEFAULT 0,
  finished integer NOT NULL DEFAULT 0,
  counted integer NOT NULL DEFAULT 0,
  succeeded text[] NOT NULL DEFAULT '{}',
  last_error text,
  recorded_at timestamptz NOT NULL,
  received_at timestamptz NOT NULL,
  subject text NOT NULL,
  event_id text NOT NULL,
  type text NOT NULL,
  version text NOT NULL,
  source text NOT NULL,
  headers jsonb NOT NULL,
  raw bytea NOT NULL
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05);
CREATE INDEX delivery_open ON "SCHEMA".delivery (at, seq) INCLUDE (state) WHERE state IN ('due', 'running');
CREATE INDEX delivery_done ON "SCHEMA".delivery (at) WHERE state = 'done';
CREATE INDEX delivery_dead ON "SCHEMA".delivery (seq) WHERE state = 'dead';
CREATE UNIQUE INDEX delivery_order ON "SCHEMA".delivery (seq);
CREATE INDEX delivery_subject ON "SCHEMA".delivery (subject, seq);
INSERT INTO "SCHEMA".migration (version) VALUES (1);
`;

const RECORD = `WITH incoming AS MATERIALIZED (
  SELECT nextval('"SCHEMA".delivery_seq') AS seq, i.*
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::float8[], $9::text[], $10::bytea[])
    WITH ORDINALITY AS i(key, subject, event_id, type, version, source, headers, received_at, dead, raw, ord)
), inserted AS (
  INSERT INTO "SCHEMA".delivery (key, seq, state, at, last_error, recorded_at, received_at, subject, event_id, type, version, source, headers, raw)
  SELECT key, seq, CASE WHEN dead IS NULL THEN 'due' ELSE 'dead' END, now(), dead, now(), to_timestamp(received_at / 1000),
    subject, event_id, type, version, source, headers::jsonb, raw
  FROM incoming ORDER BY key, ord
  ON CONFLICT (key) DO NOTHING
  RETURNING key, seq, state, subject
)
SELECT (n.seq IS NOT DISTINCT FROM i.seq)::int AS fresh, coalesce(n.state, d.state) AS state
FROM incoming i LEFT JOIN inserted n ON n.key = i.key LEFT JOIN "SCHEMA".delivery d ON d.key = i.key
ORDER BY i.ord`;

const TAKE = `WITH picked AS (
  SELECT key AS picked_key, at AS was_at, started <= finished AS fresh FROM "SCHEMA".delivery
  WHERE state IN ('due', 'running') AND at <= now()
  ORDER BY at, seq LIMIT $1::int FOR UPDATE SKIP LOCKED
), taken AS (
  UPDATE "SCHEMA".delivery SET state = 'running', at = now() + $2::float8 * interval '1 ms',
    token = gen_random_uuid()::text, started = started + fresh::int, counted = fresh::int
  FROM picked WHERE key = picked_key
  RETURNING was_at, seq, token, key
)
SELECT * FROM taken ORDER BY was_at, seq`;

const HELD = "WHERE key = $1 AND token = $2 AND state = 'running'";
const LET_GO = 'token = NULL, finished = started';

/** The release before, at work on a schema. */
export function releaseBefore(pool: Pool, schema: string): ReleaseBefore {
  const ask = async (text: string, values: unknown[] = []) =>
    pool.query(text.replaceAll('"SCHEMA"', `"${schema}"`), values);
  const changes = async (text: string, values: unknown[]) =>
    (await ask(text, values)).rowCount ?? 0;
  const update = async (set: string, claim: Claimed, ...more: unknown[]) =>
    (await changes(`UPDATE "SCHEMA".delivery SET ${set} ${HELD}`, [
      claim.key,
      claim.token,
      ...more,
    ])) > 0;
  return {
    createSchema: async () => void (await ask(SCHEMA)),
    async record(key, dead) {
      const raw = Buffer.from(`{"of":"${key}"}`);
      const columns = [key, key, `evt_${key}`, 'payment.completed', 'v2', 'webhook', '{"a":"b"}'];
      const values = [...columns, 1_790_856_000_000, dead ?? null, raw].map((value) => [value]);
      const { rows } = await ask(RECORD, values);
      return rows[0].fresh === 1 ? 'fresh' : (rows[0].state ?? undefined);
    },
    takeDue: async (limit, leaseMs) => (await ask(TAKE, [limit, leaseMs])).rows,
    extend: async (claim, leaseMs) =>
      update("at = now() + $3::float8 * interval '1 ms'", claim, leaseMs),
    complete: async (claim) => update(`state = 'done', at = now(), ${LET_GO}`, claim),
    retry: async (claim, delayMs) =>
      update(`state = 'due', at = now() + $3::float8 * interval '1 ms', ${LET_GO}`, claim, delayMs),
    bury: async (claim) => update(`state = 'dead', at = now(), last_error = 'x', ${LET_GO}`, claim),
    replay: async (key) =>
      (await changes(
        `UPDATE "SCHEMA".delivery SET state = 'due', at = now(), token = NULL, started = 0, finished = 0, counted = 0
         WHERE key = $1 AND state = 'dead'`,
        [key],
      )) > 0,
    discard: async (key) =>
      (await changes(`DELETE FROM "SCHEMA".delivery WHERE key = $1 AND state = 'dead'`, [key])) > 0,
    prune: async (doneForMs) =>
      changes(
        `DELETE FROM "SCHEMA".delivery WHERE key IN (
           SELECT key FROM "SCHEMA".delivery WHERE state = 'done' AND at <= now() - $1::float8 * interval '1 ms'
           ORDER BY at LIMIT 1000 FOR UPDATE SKIP LOCKED)`,
        [doneForMs],
      ),
  };
}
