import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DurableStore } from '@qbitflow/core';
import { onTestFinished } from 'vitest';
import { sqliteStore, type SqliteStoreOptions } from '../../src/index.js';

/** A folder of its own for one test, removed afterwards. */
export function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'qbitflow-sqlite-'));
  onTestFinished(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** A path in a folder of its own; the file is not there yet. */
export function freshFile(): string {
  return join(freshFolder(), 'inbox.db');
}

/** A store that is closed when the test ends. */
export function openStore(
  target: Parameters<typeof sqliteStore>[0],
  options: SqliteStoreOptions = {},
): DurableStore {
  const store = sqliteStore(target, options);
  onTestFinished(async () => store.close());
  return store;
}
