/** How many attempts of a delivery a store keeps: the newest. They go with its body. */
export const KEPT_ATTEMPTS = 10;

/** One attempt, as it ended; JSON of at most some 8 kB. Times are by the clock of the process that made it. */
export interface AttemptRecord {
  /** 1 for the first since the delivery was recorded or replayed. */
  readonly number: number;
  /** ms since 1970. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** What it led to: `released` was handed back uncounted. */
  readonly outcome: 'done' | 'retried' | 'dead' | 'released';
  /** Which process made it, as in `TakeOptions.holder`. */
  readonly holder?: string | undefined;
  /** In the order they ran, the first 16. */
  readonly handlers: readonly HandlerRecord[];
}

/** How one handler did. `error` (500 characters at most) and `stack` (2,000) are absent where it succeeded. */
export interface HandlerRecord {
  readonly handler: string;
  readonly durationMs: number;
  readonly error?: string | undefined;
  readonly stack?: string | undefined;
}
