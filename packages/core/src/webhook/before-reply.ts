import { sleep } from '../clock.js';
import type { Runtime } from '../runtime.js';
import type { Claims } from './claims.js';
import type { Poller } from './poller.js';

/** Lets a request wait for the attempt at its own delivery (`processing: 'before-reply'`). */
export interface AttemptWaiters {
  /** Resolves when the attempt has ended, the delivery is in other hands, or `timeoutMs` (ms) have passed. Never rejects. */
  wait(key: string, timeoutMs: number): Promise<void>;
  /** An attempt at the delivery has ended, however. */
  ended(key: string): void;
  /** Nothing is claimed any more: all waits end, and none begins from now on. */
  close(): void;
}

/** How often a delivery that this worker has not claimed is looked up, in ms. */
const LOOK_EVERY_MS = 100;

/** None waits yet. */
export function createAttemptWaiters(
  { store, clock }: Runtime,
  claims: Claims,
  poller: Poller,
): AttemptWaiters {
  const waiting = new Map<string, AbortController>();
  let closed = false;

  /** Whether there is still something to wait for. */
  async function isOurs(key: string): Promise<boolean> {
    if (claims.has(key)) return true;
    try {
      if ((await store.get(key))?.state === 'due' || claims.has(key)) return true;
      // It may be running because this worker itself is just claiming it and has not been answered yet.
      await poller.settled();
      return claims.has(key);
    } catch {
      return false;
    }
  }

  /** Wakes the worker for as long as it may still get the delivery. */
  async function watch(key: string, signal: AbortSignal): Promise<void> {
    if (!claims.has(key)) poller.wake();
    while (!signal.aborted && (await isOurs(key))) {
      await sleep(clock, LOOK_EVERY_MS, signal);
      if (!signal.aborted && !claims.has(key)) poller.wake();
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
