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
  removeListener(event: 'error', listener: (error: Error) => void): unknown;
  /** Set once the application is ending the pool. */
  readonly ending?: boolean;
  readonly options?: { readonly max?: number | undefined };
}

/** The merchant's open transaction; a `Client` or `PoolClient` of `pg` fits, other drivers with the adapters of the README. */
export interface PostgresTransaction {
  query(text: string, values: unknown[]): Promise<{ readonly rows: readonly unknown[] }>;
  /** Newer releases of `pg` tell `I` when no transaction is open. */
  getTransactionStatus?(): string | null;
}
