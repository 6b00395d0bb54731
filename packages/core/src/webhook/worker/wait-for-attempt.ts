import { sleep, type Clock } from '../../clock.js';
import type { DurableStore } from '../../store/durable-store.js';

/** Lets a request wait for the attempt at its own delivery (`processing: 'before-reply'`). */
export interface AttemptWaiters {
  /** Resolves when the attempt has ended, the delivery is in other hands, or `timeoutMs` (ms) have passed. Never rejects. */
  wait(key: string, timeoutMs: number): Promise<void>;
  /** An attempt at the delivery has ended, however. */
  ended(key: string): void;
}

/** What waiting needs. `wake` asks the store for work, `holds` tells whether this worker has the delivery. */
export interface AttemptWaitersOptions {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly wake: () => void;
  readonly holds: (key: string) => boolean;
}

/** How often a delivery that is not in this worker's hand is looked up, in ms. */
const LOOK_EVERY_MS = 100;

/** Nobody waits yet. */
export function createAttemptWaiters(options: AttemptWaitersOptions): AttemptWaiters {
  const { store, clock, wake, holds } = options;
  const waiting = new Map<string, AbortController>();

  /** Whether there is still something to wait for. */
  async function isOurs(key: string): Promise<boolean> {
    if (holds(key)) return true;
    try {
      return (await store.get(key))?.state === 'due' || holds(key);
    } catch {
      return false;
    }
  }

  return {
    async wait(key, timeoutMs) {
      const ended = new AbortController();
      waiting.set(key, ended);
      const deadline = clock.now() + timeoutMs;
      wake();
      while (!ended.signal.aborted && clock.now() < deadline && (await isOurs(key))) {
        await sleep(clock, Math.min(LOOK_EVERY_MS, deadline - clock.now()), ended.signal);
        if (!holds(key)) wake();
      }
      waiting.delete(key);
    },
    ended(key) {
      waiting.get(key)?.abort();
    },
  };
}
