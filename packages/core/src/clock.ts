import { safeDelayMs } from './delay.js';

/** Takes back a timer that has not fired yet; harmless afterwards. */
export type CancelTimer = () => void;

/** How a timer waits. */
export interface TimerOptions {
  /**
   * Whether the process may end while the timer waits: `true` for housekeeping (polling, renewing, pruning) that nobody
   * waits for. A timer that somebody awaits (a retry, a timeout, a grace period) keeps the process alive. @default false
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
  after(delayMs, callback, { background = false } = {}) {
    let timer = wait(safeDelayMs(delayMs, 0));
    function wait(leftMs: number): NodeJS.Timeout {
      const stepMs = Math.min(leftMs, LONGEST_TIMER_MS);
      const next = setTimeout(() => {
        if (leftMs === stepMs) callback();
        else timer = wait(leftMs - stepMs);
      }, stepMs);
      if (background) unref(next);
      return next;
    }
    return () => {
      clearTimeout(timer);
    };
  },
};

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
