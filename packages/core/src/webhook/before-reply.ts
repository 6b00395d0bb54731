import { sleep, type Clock } from '../clock.js';
import type { DurableStore } from '../store/durable-store.js';

/** Lets a request wait for the attempt at its own delivery (`processing: 'before-reply'`). */
export interface AttemptWaiters {
  /** Resolves when the attempt has ended, the delivery is in other hands, or `timeoutMs` (ms) have passed. Never rejects. */
  wait(key: string, timeoutMs: number): Promise<void>;
  /** An attempt at the delivery has ended, however. */
  ended(key: string): void;
  /** Nothing is taken any more: lets everybody go, and nobody waits from now on. */
  close(): void;
}

/** What waiting needs. `wake` asks the store for work, `holds` tells whether this worker has the delivery. */
export interface AttemptWaitersOptions {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly wake: () => void;
  readonly holds: (key: string) => boolean;
  /** Resolves when the taking under way, if any, has ended. Never rejects. */
  readonly taken: () => Promise<void>;
}

/** How often a delivery that is not in this worker's hand is looked up, in ms. */
const LOOK_EVERY_MS = 100;

/** Nobody waits yet. */
export function createAttemptWaiters(options: AttemptWaitersOptions): AttemptWaiters {
  const { store, clock, wake, holds, taken } = options;
  const waiting = new Map<string, AbortController>();
  let closed = false;

  /** Whether there is still something to wait for. */
  async function isOurs(key: string): Promise<boolean> {
    if (holds(key)) return true;
    try {
      if ((await store.get(key))?.state === 'due' || holds(key)) return true;
      // It may be running because this worker itself is just taking it and has not heard yet.
      await taken();
      return holds(key);
    } catch {
      return false;
    }
  }

  /** Wakes the worker for as long as it may still get the delivery. */
  async function watch(key: string, signal: AbortSignal): Promise<void> {
    wake();
    while (!signal.aborted && (await isOurs(key))) {
      await sleep(clock, LOOK_EVERY_MS, signal);
      if (!signal.aborted && !holds(key)) wake();
    }
  }

  return {
    async wait(key, timeoutMs) {
      if (closed) return;
      const ended = new AbortController();
      waiting.set(key, ended);
      // A store that hangs when it is asked must not hold the answer.
      await Promise.race([watch(key, ended.signal), sleep(clock, timeoutMs, ended.signal)]);
      ended.abort();
      waiting.delete(key);
    },
    ended(key) {
      waiting.get(key)?.abort();
    },
    close() {
      closed = true;
      for (const ended of waiting.values()) ended.abort();
    },
  };
}
