/** So much is claimed ahead as will start within this, in ms. */
const AHEAD_MS = 100;
/** And so many for each handler that may run at once, however fast they are. */
const MOST_AHEAD = 50;

/**
 * How many deliveries a worker may hold: those that start within a moment at the pace of its last handlers, so that
 * fast ones never wait for the store, and slow ones leave to other processes what this one cannot begin.
 */
export class Pace {
  readonly #concurrency: number;
  /** Of the last handlers, in ms; the newest counts for a sixteenth. */
  #meanMs = AHEAD_MS;
  #endedAt = -Infinity;

  constructor(concurrency: number) {
    this.#concurrency = concurrency;
  }

  /** How many may be held now. */
  get room(): number {
    const each = Math.min(MOST_AHEAD, AHEAD_MS / Math.max(1, this.#meanMs));
    return Math.max(this.#concurrency, Math.floor(this.#concurrency * each));
  }

  /** A delivery's handlers have ended: when they began (ms since 1970), and how long they took. */
  ended({
    startedAt,
    durationMs,
  }: {
    readonly startedAt: number;
    readonly durationMs: number;
  }): void {
    this.#meanMs += (durationMs - this.#meanMs) / 16;
    this.#endedAt = startedAt + durationMs;
  }

  /** All are at work, and have been since one ended last. */
  noteStanding(now: number): void {
    if (now - this.#endedAt > AHEAD_MS) this.#meanMs = Math.max(this.#meanMs, AHEAD_MS);
  }
}
