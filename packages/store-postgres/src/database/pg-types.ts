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
