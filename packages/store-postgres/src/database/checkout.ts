import type { Clock } from '@qbitflow/core';
import { within } from './deadline.js';
import { isStatementError } from './sql-state.js';
import type { PostgresClient, PostgresPool } from './pg-types.js';

/** Where clients come from, and how long a call may take from end to end (ms). */
export interface ClientSource {
  readonly pool: () => Promise<PostgresPool>;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

const ignore = (): void => undefined;

/** A client of the pool, within the time; one that comes too late goes straight back. */
export async function checkOut({ pool, clock, timeoutMs }: ClientSource): Promise<PostgresClient> {
  const coming = pool().then(async (opened) => opened.connect());
  try {
    const client = await within(clock, timeoutMs, coming);
    // A client that dies while it is out says so by an event too, which would end the process.
    client.on('error', ignore);
    return client;
  } catch (error) {
    coming.then((late) => late.release(), ignore);
    throw error;
  }
}

/** Gives a client back; after an error that leaves its connection in doubt it is closed instead. */
export function giveBack(client: PostgresClient, error?: unknown): void {
  client.removeListener('error', ignore);
  const doubtful = error !== undefined && !isStatementError(error);
  // The pool listens from here on; the close it does for a doubtful one drops what was in flight.
  client.release(doubtful);
}
