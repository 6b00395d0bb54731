import { QBitFlowError } from '@qbitflow/core';
import type { PostgresSettings } from '../options.js';
import type { PostgresPool } from './pg-types.js';
import { reserveOf, type Reserve } from './reserve.js';

/** The pool in use, whoever made it, and what the kit keeps of it. */
export interface PoolHolder {
  /** The pool; the store's own is opened at first use. Rejects once closed. */
  readonly pool: () => Promise<PostgresPool>;
  readonly reserve: () => Promise<Reserve>;
  /** Keeps two of its clients, until the answer is called. */
  readonly keep: () => Promise<() => void>;
  /** Takes our listener off the application's pool and gives its clients back, or ends the store's own. */
  close(): Promise<void>;
}

interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

/** As many handlers as run at once unless told otherwise may each hold one, beside the two that are kept. */
const CLIENTS = 12;

interface Held {
  readonly pool: PostgresPool;
  readonly reserve: Reserve;
  readonly leave: () => void;
}

/** Holds the pool, and survives its idle clients. */
export function holdPool({ address, logger, timeoutMs, clock }: PostgresSettings): PoolHolder {
  let own: Promise<OwnPool> | undefined;
  let held: Promise<Held> | undefined;
  let closed = false;

  function onIdleLost(err: Error): void {
    logger.warn({ code: 'idle_client_lost', err }, 'an idle PostgreSQL connection was lost');
  }

  async function openOwn(connectionString: string): Promise<OwnPool> {
    const { default: pg } = await import('pg').catch((cause: unknown) => {
      throw driverMissing(cause);
    });
    const connectionTimeoutMillis = timeoutMs;
    return new pg.Pool({ connectionString, connectionTimeoutMillis, max: CLIENTS });
  }

  function hold(pool: PostgresPool): Held {
    const reserve = reserveOf(pool, clock);
    return { pool, reserve, leave: reserve.join(onIdleLost) };
  }

  const given = address.pool === undefined ? undefined : hold(address.pool);

  async function current(): Promise<Held> {
    if (closed) throw closedError();
    if (given !== undefined) return given;
    own ??= openOwn(address.connectionString ?? '');
    held ??= own.then(hold);
    return held;
  }

  return {
    pool: async () => (await current()).pool,
    reserve: async () => (await current()).reserve,
    keep: async () => (await current()).reserve.keep(),
    async close() {
      if (closed) return;
      closed = true;
      given?.leave();
      const opened = await own?.catch(() => undefined);
      await opened?.end();
    },
  };
}

function driverMissing(cause: unknown): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'postgresStore({ connectionString }) opens connections with the pg package, which cannot be loaded: install it (npm install pg), or pass { pool }',
    { cause, facts: { store: 'postgres' } },
  );
}

function closedError(): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    'the postgres store is closed: nothing can be asked of it any more',
    { facts: { store: 'postgres' } },
  );
}
