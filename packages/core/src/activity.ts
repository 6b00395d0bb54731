/** What the processes that share a store did of late: what a desk draws and a scrape reads. Counts only, no payloads. */
export interface Activity {
  /** Who has said something within the last two minutes, by name. */
  readonly processes: readonly ProcessReport[];
  /** The last 60 minutes, oldest first, those without anything left out. */
  readonly minutes: readonly ActivitySpan[];
  /** The last 24 hours, oldest first, those without anything left out. */
  readonly hours: readonly ActivitySpan[];
}

/** A process that works with the store. */
export interface ProcessReport {
  /** As in `holder`: host and process id. */
  readonly name: string;
  /** ms since 1970, by the store's clock. */
  readonly seenAt: number;
  /** Handlers at work in it, and how many may be; 0 of 0 where it only receives. */
  readonly running: number;
  readonly concurrency: number;
}

/** What was done in one minute or hour, by event type. */
export interface ActivitySpan {
  /** Its start, ms since 1970. */
  readonly from: number;
  readonly types: Readonly<Record<string, TypeActivity>>;
}

/** What was done of one type. Attempts that failed are in `failed`; `dead` counts the deliveries given up. */
export interface TypeActivity {
  readonly received: number;
  readonly duplicates: number;
  readonly done: number;
  readonly failed: number;
  readonly dead: number;
  /** How long the handlers of all attempts took together, in ms. */
  readonly totalMs: number;
  /** Attempts by how long their handlers took: as many numbers as {@link DURATION_BOUNDS_MS} has, and one for longer ones. */
  readonly durations: readonly number[];
}

/**
 * Upper bounds (ms, inclusive) of the counts in `durations`.
 * @example
 * ```js
 * import { createQBitFlow, DURATION_BOUNDS_MS } from '@qbitflow/core';
 *
 * const { hours } = await createQBitFlow().deliveries.activity();
 * for (const { types } of hours)
 *   for (const [type, { durations }] of Object.entries(types))
 *     console.log(type, durations.map((count, index) => `${count} up to ${DURATION_BOUNDS_MS[index] ?? '…'} ms`));
 * ```
 */
export const DURATION_BOUNDS_MS: readonly number[] = [
  1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];
