import { QBitFlowError } from '@qbitflow/core/store';
import { isStatementError, within, type TimeLimits } from './errors.js';

/** A row whose columns are all texts: the store reads them itself, whatever type parsers the application has set. */
export type Row = Readonly<Record<string, string | null>>;

/** One statement as `pg` takes it. */
export interface PostgresQuery {
  readonly text: string;
  readonly values: unknown[];
  readonly types: { getTypeParser(): (value: string) => string };
}

/** A notification as `pg` hands it over. */
export interface PostgresNotification {
  readonly channel: string;
  readonly payload?: string | undefined;
}

/** What the store needs of a client of a pool; `PoolClient` of `pg` fits. */
export interface PostgresClient {
  query(query: PostgresQuery): Promise<{ readonly rows: readonly unknown[] }>;
  /** Gives it back to its pool; with `true` or an error it is closed instead. */
  release(destroy?: Error | boolean): void;
  /** Whether its socket keeps the process alive. */
  ref?(): void;
  unref?(): void;
  setMaxListeners?(most: number): unknown;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'notification', listener: (notification: PostgresNotification) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(
    event: 'notification',
    listener: (notification: PostgresNotification) => void,
  ): unknown;
}

/** What the store needs of a pool; `Pool` of `pg` fits. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on(event: 'error', listener: (error: Error) => void): unknown;
  on(event: 'acquire', listener: (client: Pick<PostgresClient, 'on'>) => void): unknown;
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  removeListener(event: 'acquire', listener: (client: Pick<PostgresClient, 'on'>) => void): unknown;
  /** Set once the application is ending the pool. */
  readonly ending?: boolean;
  readonly ended?: boolean;
  readonly options?: { readonly max?: number | undefined };
  /** How many clients there are, how many of them idle, and how many callers wait for one. */
  readonly totalCount?: number;
  readonly idleCount?: number;
  readonly waitingCount?: number;
}

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

const ignore = (): void => undefined;

/** A client of the pool, within the time; one that comes too late goes straight back. */
export async function acquire(pool: PostgresPool, limits: TimeLimits): Promise<PostgresClient> {
  const coming = connect(pool);
  try {
    return await within(limits, coming);
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
