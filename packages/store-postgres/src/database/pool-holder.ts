import { QBitFlowError } from '@qbitflow/core';
import type { PostgresSettings } from '../options.js';
import type { PostgresPool } from './pg-types.js';

/** The pool in use, whoever made it. */
export interface PoolHolder {
  /** The pool; the store's own is opened at first use. Rejects once closed. */
  readonly pool: () => Promise<PostgresPool>;
  /** Takes our listener off the application's pool, or ends the store's own. */
  close(): Promise<void>;
}

interface OwnPool extends PostgresPool {
  end(): Promise<void>;
}

const CLIENTS = 10;

/** Holds the pool, and survives its idle clients: a pool nobody listens to ends the process when one dies. */
export function holdPool({ address, logger, timeoutMs }: PostgresSettings): PoolHolder {
  let own: Promise<OwnPool> | undefined;
  let closed = false;

  function onIdleClientLost(err: Error): void {
    logger.warn({ code: 'idle_client_lost', err }, 'an idle PostgreSQL connection was lost');
  }

  async function openOwn(connectionString: string): Promise<OwnPool> {
    const { default: pg } = await import('pg');
    const connectionTimeoutMillis = timeoutMs;
    const pool = new pg.Pool({ connectionString, connectionTimeoutMillis, max: CLIENTS });
    pool.on('error', onIdleClientLost);
    return pool;
  }

  const given = address.pool;
  given?.on('error', onIdleClientLost);
  return {
    async pool() {
      if (closed) throw closedError();
      if (address.pool !== undefined) return address.pool;
      own ??= openOwn(address.connectionString);
      return own;
    },
    async close() {
      if (closed) return;
      closed = true;
      given?.removeListener('error', onIdleClientLost);
      const opened = await own?.catch(() => undefined);
      await opened?.end();
    },
  };
}

function closedError(): QBitFlowError {
  return new QBitFlowError(
    'store_unavailable',
    'the postgres store is closed: nothing can be asked of it any more',
    { facts: { store: 'postgres' } },
  );
}
