import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DurableStore } from '@qbitflow/core';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { onTestFinished } from 'vitest';
import { openPostgresData, openRedisData } from './store-data.mjs';

/** Data of a test's own, removed when it has finished. */
export interface StoreData {
  /** Another handle on the same data, as another process has it. */
  readonly open: () => DurableStore;
}

export interface KindOfStore {
  readonly name: string;
  readonly isThere: boolean;
  readonly make: () => Promise<StoreData>;
}

const POSTGRES_URL =
  process.env['QBITFLOW_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const REDIS_URL = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';

export const durableStores: readonly KindOfStore[] = [
  { name: 'SQLite', isThere: true, make: onSqlite },
  { name: 'Redis', isThere: await answers(REDIS_URL), make: onRedis },
  { name: 'PostgreSQL', isThere: await answers(POSTGRES_URL), make: onPostgres },
];

async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url);
  const isThere = await new Promise<boolean>((resolve) => {
    const socket = connect(Number(port), hostname, () => resolve(true));
    socket.once('error', () => resolve(false)).once('connect', () => socket.end());
  });
  const message = `no server at ${hostname}:${port}: what concerns it is not tested`;
  if (!isThere && process.env['CI'] === 'true') throw new Error(message);
  if (!isThere) process.stderr.write(`\nSKIPPED: ${message}\n\n`);
  return isThere;
}

async function onSqlite(): Promise<StoreData> {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-looks-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  return { open: () => sqliteStore(join(folder, 'shop.db')) };
}

async function onRedis(): Promise<StoreData> {
  const data = openRedisData(REDIS_URL, `looks-${randomUUID()}`);
  onTestFinished(async () => data.remove());
  return data;
}

async function onPostgres(): Promise<StoreData> {
  const schema = `looks_${randomUUID().replaceAll('-', '')}`;
  const data = openPostgresData(POSTGRES_URL, schema);
  onTestFinished(async () => data.remove());
  return data;
}
