import { QBitFlowError, systemClock, type Clock } from '@qbitflow/core';
import type { DriverName } from './driver/load.js';

/** Settings of a SQLite store. */
export interface SqliteStoreOptions {
  /** What the table's name begins with: two apps in one file take two. Letters, digits and `_`. @default 'qbitflow_' */
  readonly prefix?: string | undefined;
  /** `full` survives a power cut; `normal` may forget the last moments in one, never in a crash. @default 'full' */
  readonly synchronous?: 'full' | 'normal' | undefined;
  /** How long a call waits for a lock that another process holds before it rejects, in ms. @default 4,000 */
  readonly busyTimeoutMs?: number | undefined;
  /** Which driver opens a path. @default the first this machine has that prints no warning */
  readonly driver?: DriverName | undefined;
  /** Measures how long a lock is waited for; what is stored goes by SQLite's own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** The same, checked and with its defaults. */
export interface Settings {
  readonly table: string;
  readonly synchronous: 'full' | 'normal';
  readonly busyTimeoutMs: number;
  readonly driver: DriverName | undefined;
  readonly clock: Clock;
}

/** Checks the options. Throws `misconfigured`, naming what is wrong with which. */
export function settingsOf(options: SqliteStoreOptions): Settings {
  const {
    prefix = 'qbitflow_',
    synchronous = 'full',
    busyTimeoutMs = 4_000,
    driver,
    clock = systemClock,
  } = options;
  if (!/^[a-z_][a-z0-9_]{0,40}$/i.test(prefix))
    throw wrong('prefix', 'letters, digits and _, not beginning with a digit, at most 41');
  if (!['full', 'normal'].includes(synchronous)) throw wrong('synchronous', "'full' or 'normal'");
  if (!(busyTimeoutMs >= 0 && busyTimeoutMs <= 60_000))
    throw wrong('busyTimeoutMs', 'a number of ms from 0 to 60,000');
  if (driver !== undefined && !['node', 'libsql'].includes(driver))
    throw wrong('driver', "'node', 'libsql' or nothing");
  return { table: `${prefix}deliveries`, synchronous, busyTimeoutMs, driver, clock };
}

function wrong(option: string, expected: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `sqliteStore: ${option} must be ${expected}`);
}
