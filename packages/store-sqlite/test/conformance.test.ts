import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { durableStoreSuite } from '@qbitflow/conformance';
import { describe, test } from 'vitest';
import { sqliteStore, type SqliteHandle } from '../src/index.js';
import { openFile } from '../src/driver.js';
import { turnClock } from './support/clock.js';
import { drivers } from './support/handles.js';

const module = fileURLToPath(new URL('support/store-module.mjs', import.meta.url));

async function inTransaction(
  file: string,
  driver: (typeof drivers)[number],
  work: (tx: SqliteHandle) => Promise<void>,
): Promise<void> {
  const tx = await openFile(file, driver);
  try {
    tx.exec('BEGIN IMMEDIATE');
    await work(tx);
    tx.exec('COMMIT');
  } catch (error) {
    // Closing is not enough: libsql keeps the lock for as long as a statement is in memory.
    tx.exec('ROLLBACK');
    throw error;
  } finally {
    tx.close();
  }
}

async function turnClockOf(
  file: string,
  driver: (typeof drivers)[number],
  byMs: number,
): Promise<void> {
  const handle = await openFile(file, driver);
  try {
    turnClock(handle, byMs);
  } finally {
    handle.close();
  }
}

describe.each(drivers)('a file, opened by %s', (driver) => {
  durableStoreSuite({
    test,
    capabilities: { turnsClock: true },
    createStore: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'qbitflow-conformance-'));
      const file = join(folder, 'inbox.db');
      const open = async () => sqliteStore(file, { driver });
      return {
        store: await open(),
        reopen: open,
        openSecond: open,
        processModule: { file: module, argument: { file, driver } },
        transaction: async (work) => inTransaction(file, driver, work),
        turnClock: async (byMs) => turnClockOf(file, driver, byMs),
        cleanup: async () => {
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  });
});

describe.each(drivers)("the merchant's own database of %s", (driver) => {
  durableStoreSuite({
    test,
    capabilities: { sharedBetweenProcesses: false, turnsClock: true },
    createStore: async () => {
      const folder = mkdtempSync(join(tmpdir(), 'qbitflow-conformance-'));
      const file = join(folder, 'inbox.db');
      const handle = await openFile(file, driver);
      handle.exec('PRAGMA journal_mode = WAL');
      return {
        store: sqliteStore(handle),
        reopen: async () => sqliteStore(handle),
        openSecond: async () => sqliteStore(handle),
        transaction: async (work) => inTransaction(file, driver, work),
        turnClock: async (byMs) => turnClockOf(file, driver, byMs),
        cleanup: async () => {
          handle.close();
          rmSync(folder, { recursive: true, force: true });
        },
      };
    },
  });
});
