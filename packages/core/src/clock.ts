/** Takes back a timer that has not fired yet; harmless afterwards. */
export type CancelTimer = () => void;

/** How a timer waits. */
export interface TimerOptions {
  /**
   * Whether the process may end while the timer waits: `true` for housekeeping (polling, renewing, pruning) that is not
   * waited for. A timer that is awaited (a retry, a timeout, a grace period) keeps the process alive. @default false
   */
  readonly background?: boolean | undefined;
}

/**
 * Time as the kit sees it. Everything that waits or stamps takes one, so tests can turn it by hand. One of your own may
 * leave out `options`: then it decides itself which timers keep the process alive.
 */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /**
   * Calls back once after `delayMs` (ms), never earlier: what is negative or no number counts as 0, and more than a
   * hundred years as a hundred years. Keeps the process alive until then, unless `background`.
   */
  after(delayMs: number, callback: () => void, options?: TimerOptions): CancelTimer;
}

/** Node's timers overflow past 2^31-1 ms (25 days) and then fire at once: longer waits are made of several. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback, options) {
    const waitMs = safeDelayMs(delayMs, 0);
    if (waitMs > LONGEST_TIMER_MS) return afterLong(waitMs, callback, options);
    const timer = setTimeout(callback, waitMs);
    if (options?.background === true) unref(timer);
    return () => {
      clearTimeout(timer);
    };
  },
};

function afterLong(delayMs: number, callback: () => void, options?: TimerOptions): CancelTimer {
  const restMs = delayMs - LONGEST_TIMER_MS;
  let cancel = systemClock.after(
    LONGEST_TIMER_MS,
    () => {
      cancel = systemClock.after(restMs, callback, options);
    },
    options,
  );
  return () => {
    cancel();
  };
}

/** Where timers are numbers (Cloudflare Workers, browsers' bundles) nothing keeps the process alive anyway. */
function unref(timer: unknown): void {
  if (typeof timer !== 'object' || timer === null || !('unref' in timer)) return;
  if (typeof timer.unref === 'function') timer.unref();
}

/** The same time, whose timers are housekeeping: none of them keeps the process alive. */
export function inBackground(clock: Clock): Clock {
  return {
    now: () => clock.now(),
    after: (delayMs, callback) => clock.after(delayMs, callback, { background: true }),
  };
}

/** Resolves after `delayMs` (ms), or as soon as `signal` aborts. It never rejects. Keeps the process alive meanwhile. */
export async function sleep(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return;
  await new Promise<void>((resolve) => {
    const cancel = clock.after(delayMs, finish);
    function finish(): void {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    }
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** The machine's randomness, in [0, 1): good for jitter, never for secrets. */
export const systemRandom = (): number => Math.random();

/** A source of randomness whose numbers may be trusted: what is none in [0, 1], or was not given at all, is 0.5. */
export function safeRandom(random: () => number): () => number {
  return () => {
    try {
      const value: unknown = random();
      return typeof value === 'number' && value >= 0 && value <= 1 ? value : 0.5;
    } catch {
      return 0.5;
    }
  };
}

/** The longest time that goes to a store or a timer, in ms: a hundred years, which every store's clock can add. */
export const LONGEST_DELAY_MS = 3_155_760_000_000;

/**
 * A time in ms that any store and any timer can take: whole, not negative, at most a hundred years (`Infinity` too).
 * `otherwise` stands in for what is no time at all: NaN, a text, nothing. Every time that was computed, or came from
 * outside, goes through here on its way to a store or a timer.
 */
export function safeDelayMs(value: unknown, otherwise: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) return otherwise;
  return Math.ceil(Math.min(Math.max(value, 0), LONGEST_DELAY_MS));
}

/** How long something may take, by which clock, and the error when it takes longer. */
export interface TimeLimit {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly late: () => Error;
}

/** Settles as `work` does, or rejects once its time is up; `work` then goes on unwatched. Leaves no timer behind. */
export function withTimeout<T>(
  { clock, timeoutMs, late }: TimeLimit,
  work: () => Promise<T>,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const cancel = clock.after(timeoutMs, () => {
      reject(late());
    });
    function fail(error: unknown): void {
      cancel();
      reject(error);
    }
    try {
      work().then((value) => {
        cancel();
        resolve(value);
      }, fail);
    } catch (error) {
      // What a merchant wrote without async may throw at once.
      fail(error);
    }
  });
}

/** Waits for `work`, `limitMs` (ms) at most; it goes on by itself after that. Rejects when the work does so in time. */
export async function atMost(clock: Clock, limitMs: number, work: Promise<unknown>): Promise<void> {
  const ended = new AbortController();
  try {
    await Promise.race([work, sleep(clock, limitMs, ended.signal)]);
  } finally {
    ended.abort();
    // What fails after the limit has no caller left.
    work.catch(() => undefined);
  }
}

/** When something is done again and again, in ms. */
export interface Rhythm {
  readonly everyMs: number;
  /** @default `everyMs` */
  readonly firstAfterMs?: number | undefined;
}

/** Calls back again and again, by one timer after the other. Returns a function that stops it. */
export function repeat(
  clock: Clock,
  { everyMs, firstAfterMs = everyMs }: Rhythm,
  callback: () => void,
): CancelTimer {
  let cancel = schedule(firstAfterMs);
  function schedule(delayMs: number): CancelTimer {
    return clock.after(delayMs, () => {
      cancel = schedule(everyMs);
      callback();
    });
  }
  return () => {
    cancel();
  };
}

const HOUR_MS = 3_600_000;

/** Keeps the process alive until the returned function is called. */
export function keepAlive(clock: Clock): CancelTimer {
  return repeat(clock, { everyMs: HOUR_MS }, () => undefined);
}

/** `firstMs`, doubled `times` times, `mostMs` at most. */
export function doubled(firstMs: number, times: number, mostMs: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(times, 40));
}

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
  return Math.round(random() * doubled(minBackoffMs, attempt - 1, maxBackoffMs));
}

const OF_OUTAGES: Backoff = { minBackoffMs: 500, maxBackoffMs: 30_000 };

/** How long a store that has failed so often in a row is left alone, in ms. */
export function outagePause(failures: number, random: () => number): number {
  return 100 + backoffDelay(Math.max(1, failures), OF_OUTAGES, random);
}
