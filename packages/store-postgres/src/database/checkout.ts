import { QBitFlowError, type Clock } from '@qbitflow/core';
import { within } from './deadline.js';
import { isStatementError } from './sql-state.js';
import type { PostgresClient, PostgresPool } from './pg-types.js';

/** Which of the clients that the kit keeps a statement is for: recording and renewing, or all that moves work on. */
export type LaneName = 'record' | 'work';

/** A client on loan. */
export interface Loan {
  readonly client: PostgresClient;
  /** Gives it back; after an error that leaves its connection in doubt it is closed instead. */
  giveBack(error?: unknown): void;
}

/** A client on loan that stays with the kit afterwards. */
export interface KeptLoan extends Loan {
  /** Aborts when its connection is gone, or is no longer the kit's. */
  readonly lost: AbortSignal;
  /** What was done to its session must not reach the application: it is closed when it goes back to the pool. */
  spoil(): void;
}

/** Where clients come from, and how long a call may take from end to end (ms). */
export interface ClientSource {
  readonly pool: () => Promise<PostgresPool>;
  /** A client within `timeoutMs`: for a lane's work the one that is kept for it, or any other that is free. */
  readonly lend: (lane?: LaneName) => Promise<Loan>;
  /** The client kept for a lane and no other. */
  readonly lendKept: (lane: LaneName) => Promise<KeptLoan>;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

/** Bounds of one checkout. */
export interface CheckoutLimits {
  readonly clock: Clock;
  readonly timeoutMs: number;
}

const ignore = (): void => undefined;

/** A client of the pool, within the time; one that comes too late goes straight back. */
export async function checkOut(
  pool: PostgresPool,
  { clock, timeoutMs }: CheckoutLimits,
): Promise<PostgresClient> {
  const coming = connect(pool);
  try {
    return await within(clock, timeoutMs, coming);
  } catch (error) {
    coming.then(release, ignore);
    throw error;
  }
}

/** A client of the pool, however long it takes to come. It can die without ending the process. */
export async function connect(pool: PostgresPool): Promise<PostgresClient> {
  const client: unknown = await pool.connect();
  if (!isClient(client)) throw notAPool();
  // A client that dies while it is out says so by an event too, which would end the process.
  client.on('error', ignore);
  return client;
}

/** Gives a client back to its pool; with `destroy` it is closed instead. */
export function release(client: PostgresClient, destroy = false): void {
  client.removeListener('error', ignore);
  // The pool listens from here on; the close it does for a doubtful one drops what was in flight.
  client.release(destroy);
}

/** Whether an error leaves the connection in doubt. */
export const isDoubtful = (error: unknown): boolean =>
  error !== undefined && !isStatementError(error);

function isClient(client: unknown): client is PostgresClient {
  return typeof client === 'object' && client !== null && 'query' in client && 'release' in client;
}

function notAPool(): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    'postgresStore: what was passed as pool gives no clients that can be released: pass { pool: new pg.Pool(…) }',
  );
}
