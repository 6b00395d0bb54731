/** Bounds of the wait between attempts, in ms. */
export interface Backoff {
  readonly minBackoffMs: number;
  readonly maxBackoffMs: number;
}

/**
 * Full jitter: anything between nothing and a ceiling that doubles with each attempt, so that the deliveries of one
 * outage do not all come back in the same moment.
 */
export function backoffDelay(
  attempt: number,
  { minBackoffMs, maxBackoffMs }: Backoff,
  random: () => number,
): number {
  const ceiling = Math.min(maxBackoffMs, minBackoffMs * 2 ** Math.min(attempt - 1, 40));
  return Math.round(random() * ceiling);
}
