import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DurableStore } from '@qbitflow/core';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { onTestFinished } from 'vitest';

/** An inbox in a file of its own, removed when the test has finished. */
export async function openStore(finished = onTestFinished): Promise<DurableStore> {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-shop-'));
  finished(async () => rm(folder, { recursive: true, force: true }));
  return sqliteStore(join(folder, 'shop.db'));
}
