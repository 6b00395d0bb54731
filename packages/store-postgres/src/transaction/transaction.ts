import type { DurableStore } from '@qbitflow/core';
import { connect, isDoubtful, release, type ClientSource } from '../database/checkout.js';
import { within } from '../database/deadline.js';
import { toQuery } from '../database/database.js';
import { explain } from '../database/explain.js';
import type { PostgresClient } from '../database/pg-types.js';

/**
 * A transaction on a client of the pool that can lose its connection without ending the process. It waits for the
 * client as long as the handlers before it take.
 */
export function transaction(source: ClientSource): Required<DurableStore>['transaction'] {
  return async (work) => {
    const client = await beginOn(source);
    try {
      const result = await work(client);
      await client.query(toQuery('COMMIT'));
      release(client);
      return result;
    } catch (error) {
      await rollBack(source, client);
      throw error;
    }
  };
}

async function beginOn(source: ClientSource): Promise<PostgresClient> {
  const { pool, clock, timeoutMs } = source;
  const client = await pool()
    .then(connect)
    .catch((error: unknown) => {
      throw explain(error, 'begin your transaction');
    });
  try {
    await within(clock, timeoutMs, client.query(toQuery('BEGIN')));
    return client;
  } catch (error) {
    release(client, isDoubtful(error));
    throw explain(error, 'begin your transaction');
  }
}

/** A connection on which not even that works is closed, which rolls back as well. */
async function rollBack({ clock, timeoutMs }: ClientSource, client: PostgresClient): Promise<void> {
  try {
    await within(clock, timeoutMs, client.query(toQuery('ROLLBACK')));
    release(client);
  } catch {
    release(client, true);
  }
}
