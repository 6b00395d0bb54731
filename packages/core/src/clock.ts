/** Takes back a timer that has not fired yet; harmless afterwards. */
export type CancelTimer = () => void;

/** Time as the kit sees it. Everything that waits or stamps takes one, so tests can turn it by hand. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC. */
  now(): number;
  /** Calls back once after `delayMs` (ms). A waiting timer never keeps the process alive. */
  after(delayMs: number, callback: () => void): CancelTimer;
}

/** Node 20's timers overflow past 2^31-1 ms and then fire at once. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, Math.min(delayMs, LONGEST_TIMER_MS));
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};

/** Resolves after `delayMs` (ms), or as soon as `signal` aborts. It never rejects. */
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
