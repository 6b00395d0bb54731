import {
  assertKnownOptions,
  type Clock,
  type Logger,
  type LogMethod,
  QBitFlowError,
  safeLogger,
  silentLogger,
  systemClock,
} from '@qbitflow/core/store';
import type { PostgresPool } from './pool.js';
import { type Names, namesFor } from './schema.js';

/** How to reach PostgreSQL: the application's own pool, or an address at which the store opens one and closes it again. */
export type PostgresAddress =
  | { readonly pool: PostgresPool; readonly connectionString?: undefined }
  | { readonly connectionString: string; readonly pool?: undefined };

/** Settings of a postgres store. */
export type PostgresStoreOptions = PostgresAddress & {
  /** Schema that holds the tables; one for each application that shares a database. @default 'qbitflow' */
  readonly schema?: string | undefined;
  /** Whether to be woken by NOTIFY, on one of the two clients that are kept. @default true, unless the pool holds a single client */
  readonly listen?: boolean | undefined;
  /** The longest any call may take, waiting for a client included, in ms. @default 5,000 */
  readonly timeoutMs?: number | undefined;
  /** Is told of lost idle clients, of LISTEN and of a pool that is too small. @default the kit's, once it has started the store */
  readonly logger?: Logger | undefined;
  /** For the timers alone; what is stored goes by the database's clock. @default the machine's clock */
  readonly clock?: Clock | undefined;
};

/** Options with every default in place. */
export interface PostgresSettings {
  readonly address: PostgresAddress;
  readonly names: Names;
  readonly listen: boolean;
  readonly timeoutMs: number;
  readonly logger: DeferredLogger;
  readonly clock: Clock;
}

/** Fills in defaults. Throws `misconfigured` for what cannot work. */
export function resolveOptions(options: PostgresStoreOptions): PostgresSettings {
  if (typeof options === 'object' && options !== null && 'connect' in options)
    throw misconfigured('the pool itself was given: pass it as postgresStore({ pool })');
  assertKnownOptions('postgresStore', options, NAMES);
  const { pool, connectionString, schema = 'qbitflow', timeoutMs = 5_000 } = { ...options };
  if (pool !== undefined && connectionString !== undefined)
    throw misconfigured('pass pool or connectionString, not both: which database is it?');
  if (!isPool(pool) && !isAddress(connectionString))
    throw misconfigured(
      'pass { pool: new pg.Pool(…) } or { connectionString } and not both; a Client or the result of pool.connect() will not do',
    );
  if (!(timeoutMs > 0)) throw misconfigured('timeoutMs must be a positive number of ms');
  return {
    address: options,
    names: namesFor(schema),
    listen: options.listen ?? true,
    timeoutMs,
    logger: deferredLogger(options.logger === undefined ? undefined : safeLogger(options.logger)),
    clock: options.clock ?? systemClock,
  };
}

const NAMES = Object.keys({
  pool: true,
  connectionString: true,
  schema: true,
  listen: true,
  timeoutMs: true,
  logger: true,
  clock: true,
} satisfies Record<keyof PostgresStoreOptions, true>);

function isPool(pool: unknown): boolean {
  return (
    typeof pool === 'object' &&
    pool !== null &&
    'connect' in pool &&
    'on' in pool &&
    !('release' in pool) &&
    // What only a single connection has.
    !('connectionParameters' in pool)
  );
}

const isAddress = (address: unknown): boolean => typeof address === 'string' && address !== '';

function misconfigured(cure: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `postgresStore: ${cure}`);
}

/** A logger whose lines go to the store's own or, where it has none, to that of the kit that starts it. */
export interface DeferredLogger extends Logger {
  /** The kit has started the store. */
  startedBy(kitLogger: Logger): void;
}

/** Writes to `own` always; without one nowhere until the store is started. */
function deferredLogger(own: Logger | undefined): DeferredLogger {
  let target = own ?? silentLogger;
  const method =
    (level: keyof Logger): LogMethod =>
    (facts, message) => {
      target[level](facts, message);
    };
  return {
    debug: method('debug'),
    info: method('info'),
    warn: method('warn'),
    error: method('error'),
    startedBy(kitLogger) {
      target = own ?? kitLogger;
    },
  };
}
