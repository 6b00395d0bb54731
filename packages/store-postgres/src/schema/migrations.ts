import { namesFor, type Names } from './names.js';

/** One step of the schema; its version is its place in the list, from 1. Steps are never changed, only added. */
type Migration = (names: Names) => readonly string[];

/**
 * `at` is the time a state is about: due since or from, lease ends, done since, dead since. So one index gives what
 * may be taken, oldest first, lapsed leases among them.
 */
const createDeliveries: Migration = ({ deliveries, sequence }) => [
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

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [createDeliveries];

/** What creates the bookkeeping of the steps. */
export function createMigrationsTable({ migrations: table }: Names): string {
  return `CREATE TABLE IF NOT EXISTS ${table} (version integer PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())`;
}

/** What remembers that a step was done. */
export function markMigrated({ migrations: table }: Names, version: number): string {
  return `INSERT INTO ${table} (version) VALUES (${version})`;
}

/**
 * The SQL that creates everything, for an administrator to run once where the application's role may not create.
 * The schema is `qbitflow` unless given.
 */
export function schemaSql(schema = 'qbitflow'): string {
  const names = namesFor(schema);
  const steps = migrations.flatMap((migration, index) => [
    ...migration(names),
    markMigrated(names, index + 1),
  ]);
  const all = [
    `CREATE SCHEMA IF NOT EXISTS ${names.quoted}`,
    createMigrationsTable(names),
    ...steps,
  ];
  return ['BEGIN', ...all, 'COMMIT'].map((statement) => `${statement};\n`).join('');
}
