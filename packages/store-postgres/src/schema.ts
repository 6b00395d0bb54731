import { QBitFlowError } from '@qbitflow/core/store';
import { guards, keepKey } from './guards.js';
import { createProcedures } from './procedures.js';
import { keepTally } from './tally.js';

/** Everything in the database that bears the schema's name; tables and sequence are quoted and ready for SQL. */
export interface Names {
  readonly schema: string;
  readonly quoted: string;
  readonly deliveries: string;
  readonly sequence: string;
  /** Leases that were renewed. */
  readonly leases: string;
  /** Keys whose bodies are gone. */
  readonly tombstones: string;
  /** Webhooks that came after a look had recorded their key. */
  readonly laterWebhooks: string;
  /** How often deliveries came again. */
  readonly duplicates: string;
  /** What processes leave for each other's desks. */
  readonly notes: string;
  /** One row: since when keys are known. */
  readonly memory: string;
  /** What changed the number of deliveries of a state and type, and by how many. */
  readonly tally: string;
  readonly migrations: string;
  /** Channel of NOTIFY, not quoted. */
  readonly channel: string;
}

/** Short enough for `<schema>_due` to fit PostgreSQL's 63 bytes. */
const SCHEMA = /^[A-Za-z_][A-Za-z0-9_-]{0,55}$/;

/** Names for a schema. Throws `misconfigured` for one that PostgreSQL or we would misread. */
export function namesFor(schema: string): Names {
  if (!SCHEMA.test(schema) || /^pg_/i.test(schema))
    throw new QBitFlowError(
      'misconfigured',
      `schema must be 1 to 56 letters, digits, _ or -, starting with a letter or _, and not with pg_; it is ${JSON.stringify(schema)}`,
      { facts: { schema } },
    );
  const quoted = `"${schema}"`;
  return {
    schema,
    quoted,
    deliveries: `${quoted}.delivery`,
    sequence: `${quoted}.delivery_seq`,
    leases: `${quoted}.lease`,
    tombstones: `${quoted}.tombstone`,
    laterWebhooks: `${quoted}.later_webhook`,
    duplicates: `${quoted}.duplicate`,
    notes: `${quoted}.note`,
    memory: `${quoted}.memory`,
    tally: `${quoted}.tally`,
    migrations: `${quoted}.migration`,
    channel: `${schema}_due`,
  };
}

/** Which rows wait for a taker: those in a lane. */
export const OPEN = "state IN ('due', 'running')";

/**
 * The queue an open row waits in, as an expression that an index holds: 0 may be taken at once, whatever the clock
 * says; 2 waits for its time; 4 is running and may be taken when its lease has lapsed. One more where an earlier start
 * never finished. `ready_at` is what `at` was when the row was last put in a queue at once: a release that does not know
 * it changes `at` alone, and its rows wait for their time.
 */
export const LANE = `(CASE WHEN state = 'running' THEN 4
  ELSE (CASE WHEN ready_at = at THEN 0 ELSE 2 END) + (CASE WHEN started > finished THEN 1 ELSE 0 END) END)`;

/** Lanes whose rows were begun before and never finished. */
const UNFINISHED_LANES = [1, 3, 4] as const;

/** Which keys do not tell their subject; the others are found by key. */
export const KEYED_OTHERWISE = `key <> type || ':' || subject`;

/** What deliveries are listed by that have something in common, as an expression that the indexes of that hold. */
export const NEWEST = 'seq + 0';

/**
 * A CTE `there` of the queues in which something waits, each lane of each type once: it steps along their index from one
 * to the next, however many wait in each.
 */
export function lanesThere(deliveries: string): string {
  const nextLane = (after: string): string =>
    `SELECT ${LANE} AS lane, d.type FROM ${deliveries} d WHERE ${OPEN} ${after} ORDER BY 1, 2 LIMIT 1`;
  return `there AS (
    (${nextLane('')})
    UNION ALL
    SELECT next.* FROM there CROSS JOIN LATERAL (${nextLane(`AND (${LANE}, d.type) > (there.lane, there.type)`)}) next
  )`;
}

/** One step of the schema; its version is its place in the list, from 1. Steps are never changed, only added. */
type Migration = (names: Names) => readonly string[];

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [createDeliveries, keepKeys, keepPace, keepHistory];

/** What creates the bookkeeping of the steps. */
export function createMigrationsTable({ migrations: table }: Names): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`;
}

/** What remembers that a step was done. */
export function markMigrated({ migrations: table }: Names, version: number): string {
  return `INSERT INTO ${table} (version) VALUES (${version})`;
}

/** What an administrator's SQL is for. */
export interface SchemaSqlOptions {
  /** The version that is there, from `SELECT max(version) FROM qbitflow.migration`. @default 0, nothing is there yet */
  readonly from?: number | undefined;
}

/**
 * The SQL that creates everything, for an administrator to run once where the application's role may not create; with
 * `from`, what brings an older schema up to date. The schema is `qbitflow` unless given.
 * @throws {QBitFlowError} `misconfigured` for a schema that cannot be named so, and a version that is none
 * @example
 * ```js
 * import { schemaSql } from '@qbitflow/store-postgres';
 *
 * console.log(schemaSql()); // for a migration of your own, where the app may not create tables
 * ```
 */
export function schemaSql(schema = 'qbitflow', { from = 0 }: SchemaSqlOptions = {}): string {
  const names = namesFor(schema);
  if (!Number.isInteger(from) || from < 0 || from > migrations.length)
    throw new QBitFlowError(
      'misconfigured',
      `schemaSql: from is the version that is there, a whole number from 0 to ${migrations.length}; it is ${String(from)}`,
    );
  const steps = migrations.flatMap((migration, index) =>
    index < from ? [] : [...migration(names), markMigrated(names, index + 1)],
  );
  const base = [`CREATE SCHEMA IF NOT EXISTS ${names.quoted}`, createMigrationsTable(names)];
  const all = from === 0 ? [...base, ...steps] : steps;
  return ['BEGIN ISOLATION LEVEL READ COMMITTED', ...all, 'COMMIT']
    .map((statement) => `${statement};\n`)
    .join('');
}

/**
 * `at` is the time a state is about: due since or from, lease ends, done since, dead since.
 */
function createDeliveries({ deliveries, sequence }: Names): readonly string[] {
  return [
    `CREATE SEQUENCE ${sequence}`,
    `CREATE TABLE ${deliveries} (
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
) WITH (autovacuum_vacuum_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.05)`,
    `CREATE INDEX delivery_open ON ${deliveries} (at, seq) INCLUDE (state) WHERE state IN ('due', 'running')`,
    `CREATE INDEX delivery_done ON ${deliveries} (at) WHERE state = 'done'`,
    `CREATE INDEX delivery_dead ON ${deliveries} (seq) WHERE state = 'dead'`,
    `CREATE UNIQUE INDEX delivery_order ON ${deliveries} (seq)`,
    `CREATE INDEX delivery_subject ON ${deliveries} (subject, seq)`,
  ];
}

/**
 * Keys outlive bodies, leases are renewed beside their deliveries, and takers choose types. A process of the release
 * before may still be at work: it goes on reading and writing its own columns, and the guards see to the rest.
 */
function keepKeys(names: Names): readonly string[] {
  const { deliveries, tombstones, leases, laterWebhooks, memory } = names;
  return [
    `ALTER TABLE ${deliveries} ADD COLUMN ready_at timestamptz, ADD COLUMN due_since timestamptz,
  ADD COLUMN unhandled boolean NOT NULL DEFAULT false`,
    `UPDATE ${deliveries} SET ready_at = at WHERE state = 'due' AND at <= now()`,
    `DROP INDEX ${names.quoted}.delivery_open`,
    `CREATE INDEX delivery_lane ON ${deliveries} (${LANE}, type, at, seq) INCLUDE (state) WHERE ${OPEN}`,
    `CREATE INDEX delivery_unhandled ON ${deliveries} (seq) WHERE unhandled`,
    // Sixteen bytes of a key's SHA-256 and a time: some 95 bytes each, index included.
    `CREATE TABLE ${tombstones} (digest uuid PRIMARY KEY, at timestamptz NOT NULL)`,
    `CREATE INDEX tombstone_at ON ${tombstones} USING brin (at) WITH (pages_per_range = 32, autosummarize = on)`,
    `CREATE TABLE ${leases} (key text PRIMARY KEY, token text NOT NULL, until timestamptz NOT NULL)`,
    `CREATE TABLE ${laterWebhooks} (
  key text PRIMARY KEY,
  event_id text NOT NULL,
  version text NOT NULL,
  received_at timestamptz NOT NULL,
  headers jsonb NOT NULL,
  raw bytea NOT NULL
)`,
    // What happened before the keys were kept may have been handled and forgotten.
    `CREATE TABLE ${memory} (single boolean PRIMARY KEY DEFAULT true CHECK (single), born_at timestamptz NOT NULL, forgotten_at timestamptz)`,
    `INSERT INTO ${memory} (born_at) VALUES (clock_timestamp())`,
    ...guards(names),
    chooseDue(names),
    sameRights(names, [tombstones, leases, laterWebhooks, memory]),
  ];
}

/** Recording, completing, counting and listing take as long with a million deliveries as with none. */
function keepPace(names: Names): readonly string[] {
  return [
    // By an expression that no other index has: a planner that thinks a type common would walk all of them in order.
    `CREATE INDEX delivery_newest ON ${names.deliveries} (state, type, (${NEWEST}))`,
    ...createProcedures(names),
    ...keepTally(names),
  ];
}

/**
 * What operators look for: attempts, repeats, references, errors, and what processes tell each other. The indexes are made
 * before the columns are added, which locks out readers too.
 */
function keepHistory(names: Names): readonly string[] {
  const { deliveries, duplicates, notes } = names;
  return [
    // Only what has failed is in it, so that what goes well pays nothing for it.
    `CREATE INDEX delivery_failed ON ${deliveries} (state, (${NEWEST})) WHERE last_error IS NOT NULL`,
    // Two entries less of nearly every delivery: as many as its reference takes.
    `CREATE INDEX delivery_subject_alone ON ${deliveries} (subject, (${NEWEST})) WHERE ${KEYED_OTHERWISE}`,
    `DROP INDEX ${names.quoted}.delivery_subject`,
    `ALTER TABLE ${deliveries} ADD COLUMN reference text COLLATE "C", ADD COLUMN attempts text[], ADD COLUMN taken_at timestamptz`,
    // What history adds must not make a delivery one that is compressed as it is done, which takes longer than all the rest.
    `ALTER TABLE ${deliveries} SET (toast_tuple_target = 2500)`,
    `CREATE INDEX delivery_reference ON ${deliveries} (reference, (${NEWEST})) WHERE reference IS NOT NULL`,
    // Beside the delivery: a handler's transaction may have read that already, or hold it for as long as it likes.
    `CREATE TABLE ${duplicates} (key text PRIMARY KEY, times bigint NOT NULL) WITH (fillfactor = 70)`,
    `CREATE TABLE ${notes} (name text COLLATE "C" PRIMARY KEY, text text NOT NULL, at timestamptz NOT NULL, until timestamptz NOT NULL)
WITH (fillfactor = 70)`,
    keepKey(names),
    ...createProcedures(names),
    sameRights(names, [duplicates, notes]),
  ];
}

/** Whoever may use the deliveries may use what was added, without an administrator granting it again. */
function sameRights({ deliveries }: Names, added: readonly string[]): string {
  return `DO $$
DECLARE given record;
BEGIN
  FOR given IN
    SELECT DISTINCT acl.grantee, acl.privilege_type FROM pg_class c, aclexplode(c.relacl) acl
    WHERE c.oid = '${deliveries}'::regclass AND acl.grantee <> c.relowner
      AND acl.privilege_type IN ('SELECT', 'INSERT', 'UPDATE', 'DELETE')
  LOOP
    EXECUTE format('GRANT %s ON ${added.join(', ')} TO %s', given.privilege_type,
      CASE WHEN given.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(given.grantee)) END);
  END LOOP;
END $$`;
}

/**
 * What may be taken, of each subject the oldest, oldest first. Each lane of each type is read along its index from the
 * oldest on: what is of other types or waits for a later time is never touched. Many of one subject may leave no room
 * for others in a page; the taker then excludes it and asks again.
 *
 * A function, because its plan is kept from call to call: making one anew would cost more than the taking. The plan is
 * the same however small the tables were when it was made.
 */
function chooseDue({ quoted, deliveries, leases }: Names): string {
  return `CREATE FUNCTION ${quoted}.choose_due(types text[], wanted boolean, except_subjects text[], page_size int, lapsed_limit int)
RETURNS TABLE (key text, at timestamptz, seq bigint, token text) LANGUAGE plpgsql STABLE ROWS 20
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_hashjoin = off SET enable_mergejoin = off
SET jit = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
BEGIN
  RETURN QUERY WITH RECURSIVE ${lanesThere(deliveries)}, lanes AS (
    SELECT lane, type, lane IN (${UNFINISHED_LANES.join(', ')}) AS suspect,
      CASE WHEN lane < 2 THEN 'infinity' ELSE now() END AS until
    FROM there WHERE (type = ANY (types)) = wanted
  ), candidates AS (
    SELECT page.*, suspect, row_number() OVER (PARTITION BY suspect ORDER BY page.at, page.seq) AS place
    FROM lanes CROSS JOIN LATERAL (
      SELECT d.key, d.subject, d.at, d.seq, d.token FROM ${deliveries} d
      WHERE ${LANE} = lanes.lane AND d.type = lanes.type AND ${OPEN} AND d.at <= lanes.until
        AND d.subject <> ALL (except_subjects)
        AND (lanes.lane < 4 OR NOT EXISTS (
          SELECT FROM ${leases} l WHERE l.key = d.key AND l.token = d.token AND l.until > now()))
      ORDER BY d.at, d.seq LIMIT page_size
    ) page WHERE NOT suspect OR lapsed_limit > 0
  )
  SELECT oldest.key, oldest.at, oldest.seq, oldest.token FROM (
    SELECT DISTINCT ON (c.subject) c.* FROM candidates c
    WHERE NOT suspect OR place <= lapsed_limit ORDER BY c.subject, c.at, c.seq
  ) oldest ORDER BY oldest.at, oldest.seq;
END $$`;
}
