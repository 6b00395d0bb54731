import {
  assertKnownOptions,
  numberChecks,
  QBitFlowError,
  systemClock,
  type Clock,
} from '@qbitflow/core/store';
import type { DriverName, SqliteHandle } from './driver.js';

/** What the store calls itself in errors and log lines. */
export const STORE = 'sqlite';

/** Checks what its methods are called with. */
export const checks = numberChecks(STORE);

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
  /** How long a handler's transaction may stay open before it is rolled back, in ms: nothing else can be written meanwhile. @default 10,000 */
  readonly transactionTimeoutMs?: number | undefined;
  /** Opens another connection to the database passed in, for `withTransaction`. @default one made by the same class with the same file */
  readonly connect?: (() => SqliteHandle) | undefined;
  /** Measures how long a lock is waited for; what is stored goes by SQLite's own. @default the machine's clock */
  readonly clock?: Clock | undefined;
}

/** The same, checked and with its defaults. */
export interface Settings {
  readonly table: string;
  readonly synchronous: 'full' | 'normal';
  readonly busyTimeoutMs: number;
  readonly driver: DriverName | undefined;
  readonly transactionTimeoutMs: number;
  readonly connect: (() => SqliteHandle) | undefined;
  readonly clock: Clock;
}

/** Checks the options. Throws `misconfigured`, naming what is wrong with which. */
export function settingsOf(options: SqliteStoreOptions): Settings {
  assertKnownOptions('sqliteStore', options, NAMES);
  const {
    prefix = 'qbitflow_',
    synchronous = 'full',
    busyTimeoutMs = 4_000,
    transactionTimeoutMs = 10_000,
    driver,
    connect,
    clock = systemClock,
  } = options;
  if (!/^[a-z_][a-z0-9_]{0,40}$/i.test(prefix))
    throw wrong('prefix', 'letters, digits and _, not beginning with a digit, at most 41');
  if (!['full', 'normal'].includes(synchronous)) throw wrong('synchronous', "'full' or 'normal'");
  if (!(busyTimeoutMs >= 0 && busyTimeoutMs <= 60_000))
    throw wrong('busyTimeoutMs', 'a number of ms from 0 to 60,000');
  if (!(transactionTimeoutMs > 0 && transactionTimeoutMs <= 600_000))
    throw wrong('transactionTimeoutMs', 'a number of ms of at most 600,000');
  if (connect !== undefined && typeof connect !== 'function')
    throw wrong('connect', 'a function that opens a database');
  if (driver !== undefined && !['node', 'libsql'].includes(driver))
    throw wrong('driver', "'node', 'libsql' or nothing");
  const table = `${prefix}deliveries`;
  const transactions = { transactionTimeoutMs, connect };
  return { table, synchronous, busyTimeoutMs, ...transactions, driver, clock };
}

const NAMES = Object.keys({
  prefix: true,
  synchronous: true,
  busyTimeoutMs: true,
  driver: true,
  transactionTimeoutMs: true,
  connect: true,
  clock: true,
} satisfies Record<keyof SqliteStoreOptions, true>);

function wrong(option: string, expected: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `sqliteStore: ${option} must be ${expected}`);
}
