import { QBitFlowError } from '@qbitflow/core';
import { namesFor, type Names } from './names.js';
import { createDeliveries } from './steps/create-deliveries.js';
import { keepKeys } from './steps/keep-keys.js';

/** One step of the schema; its version is its place in the list, from 1. Steps are never changed, only added. */
type Migration = (names: Names) => readonly string[];

/** All steps, oldest first. */
export const migrations: readonly Migration[] = [createDeliveries, keepKeys];

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
  return ['BEGIN', ...all, 'COMMIT'].map((statement) => `${statement};\n`).join('');
}
