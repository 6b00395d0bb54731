import { setImmediate } from 'node:timers';
import { atMost, inBackground, type CancelTimer } from '../clock.js';
import type { HandlerRegistry } from '../event/handlers.js';
import type { Runtime } from '../runtime.js';
import type { TypeFilter } from '../store/durable-store.js';
import { createAttemptWaiters } from './before-reply.js';
import { createClaims, type ClaimedDelivery } from './claims.js';
import { startHousekeeping } from './housekeeping.js';
import type { LaterWebhooks } from './later-webhooks.js';
import { createPoller } from './poller.js';
import { createProcessor } from './process.js';
import { retryDelivery } from './transitions.js';

/** Empties the inbox: claims what is due and has it processed, until it is closed. */
export interface Worker {
  /** Begins to claim work; again does nothing. */
  start(): void;
  /** Something may be due now; claims it after the current turn of the event loop, so that answers go first. */
  wake(): void;
  /** Resolves when an attempt at this delivery has ended, or after `timeoutMs` (ms). Never rejects. */
  attempted(key: string, timeoutMs: number): Promise<void>;
  /** Stops claiming, lets what runs finish for `graceMs`, then aborts it and hands the rest back. */
  close(): Promise<void>;
}

/** How long a recovered run goes on before others may start beside it, in ms. */
const EXCLUSIVE_MS = 2_000;
/** How long aborted handlers may take to stop, in ms. */
const ABORT_MS = 1_000;

/** A worker at rest. */
export function createWorker(
  runtime: Runtime,
  registry: HandlerRegistry,
  laterWebhooks: LaterWebhooks,
): Worker {
  const { store, clock, diagnostics } = runtime;
  const { concurrency, leaseMs, graceMs } = runtime.settings.handlers;
  const background = inBackground(clock);
  const claims = createClaims();
  const processor = createProcessor(runtime, registry, laterWebhooks);
  const poller = createPoller(runtime, async () => track(claimDue()));
  const waiters = createAttemptWaiters(runtime, claims, poller);
  const stops: CancelTimer[] = [];
  const whenIdle: (() => void)[] = [];
  let active = 0;
  let state: 'new' | 'open' | 'closed' = 'new';
  let woken = false;
  let closing: Promise<void> | undefined;

  /** What close() waits for. */
  async function track<T>(work: Promise<T>): Promise<T> {
    active += 1;
    try {
      return await work;
    } finally {
      active -= 1;
      if (active === 0) for (const resolve of whenIdle.splice(0)) resolve();
    }
  }

  async function idle(): Promise<void> {
    if (active > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
  }

  /** Resolves with whether more may be due right now. */
  async function claimDue(): Promise<boolean> {
    const limit = concurrency - claims.size;
    const types = registry.wanted();
    const { isClosed: nothingMayStart, ...claimable } = claims.claimable;
    if (limit <= 0 || nothingMayStart || isNothing(types)) return false;
    const batch = await store.takeDue({ limit, leaseMs, types, ...claimable });
    for (const taken of batch) claims.add(taken);
    // What the store gave while close() was called would wait for its lease to lapse, and count as a crash.
    if (isClosed()) await handBackWaiting();
    startReady();
    // Fewer than asked for may mean that the rest was of the same subjects: others may stand behind it.
    return batch.length > 0 && claims.size < concurrency;
  }

  // The state may have changed during an await, which the compiler does not see.
  const isClosed = (): boolean => state === 'closed';

  function startReady(): void {
    if (isClosed()) return;
    for (let claimed = claims.next(); claimed !== undefined; claimed = claims.next()) {
      void track(run(claimed));
    }
  }

  async function run(claimed: ClaimedDelivery): Promise<void> {
    const { taken, stop } = claimed;
    const cancel = taken.lapsed ? background.after(EXCLUSIVE_MS, endExclusiveStart) : undefined;
    try {
      if (taken.lapsed) await processor.processRecovered(taken, stop);
      else await processor.process(taken, stop);
    } catch (err) {
      diagnostics.log('internal', { key: taken.key, err });
    } finally {
      cancel?.();
      claims.remove(claimed);
      waiters.ended(taken.key);
    }
    startReady();
    if (claims.size <= concurrency / 2) poller.wake();
  }

  function endExclusiveStart(): void {
    claims.endExclusiveStart();
    startReady();
    poller.wake();
  }

  async function handBackWaiting(): Promise<void> {
    const waiting = claims.all().filter((claimed) => !claimed.running);
    await Promise.all(waiting.map(async ({ taken }) => retryDelivery(runtime, taken, HANDED_BACK)));
    for (const claimed of waiting) claims.remove(claimed);
  }

  async function finishRunning(): Promise<void> {
    await atMost(clock, graceMs, idle());
    if (active === 0) return;
    for (const { stop } of claims.all()) stop.stop(new Error('the process is shutting down'));
    await atMost(clock, ABORT_MS, idle());
  }

  async function shutDown(): Promise<void> {
    state = 'closed';
    poller.stop();
    // A store that is away is retried until the lease has lapsed: a shutdown does not wait for that.
    await Promise.all([atMost(clock, graceMs + ABORT_MS, handBackWaiting()), finishRunning()]);
    waiters.close();
    for (const stop of stops) stop();
  }

  return {
    start() {
      if (state !== 'new') return;
      state = 'open';
      stops.push(startHousekeeping(runtime, registry, claims));
      poller.wake();
      const unsubscribe = store.onDue?.(() => {
        poller.wake();
      });
      if (unsubscribe !== undefined) stops.push(unsubscribe);
    },
    wake() {
      if (woken || state !== 'open') return;
      woken = true;
      setImmediate(() => {
        woken = false;
        poller.wake();
      });
    },
    attempted: async (key, timeoutMs) => waiters.wait(key, timeoutMs),
    async close() {
      // Two signals often come together: both callers wait for the one shutdown.
      closing ??= shutDown();
      await closing;
    },
  };
}

/** What was claimed and not started goes back as if it had not been. */
const HANDED_BACK = {
  delayMs: 0,
  counted: false,
  succeeded: [],
  error: 'the process was shutting down',
} as const;

function isNothing(types: TypeFilter | undefined): boolean {
  return types !== undefined && 'only' in types && types.only.length === 0;
}
