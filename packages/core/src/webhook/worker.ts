import { setImmediate } from 'node:timers';
import { atMost, inBackground, type CancelTimer } from '../clock.js';
import type { TypeFilter } from '../store/durable-store.js';
import { processDelivery, transitionsOf, type Processor, runSuspect } from './process.js';
import { retryDelivery } from './transitions.js';
import { createHand, type Held } from './claims.js';
import { startPruning, startRenewing } from './housekeeping.js';
import { createPump } from './poller.js';
import { createAttemptWaiters } from './before-reply.js';

/** Empties the inbox: takes what is due and has it processed, until it is closed. */
export interface Worker {
  /** Begins to take work; again does nothing. */
  start(): void;
  /** Something may be due now; takes it after the current turn of the event loop, so that answers go first. */
  wake(): void;
  /** Resolves when an attempt at this delivery has ended, or after `timeoutMs` (ms). Never rejects. */
  attempted(key: string, timeoutMs: number): Promise<void>;
  /** Stops taking, lets what runs finish for `graceMs`, then aborts it and hands the rest back. */
  close(): Promise<void>;
}

/** How long a suspect runs before others may start beside it, in ms. */
const QUARANTINE_MS = 2_000;
/** How long aborted handlers may take to stop, in ms. */
const ABORT_MS = 1_000;

/** A worker at rest. */
export function createWorker(processor: Processor): Worker {
  const { store, registry, clock, logger, diagnostics, random, settings } = processor;
  // Polling, renewing, pruning: what keeps a worker's process alive is the kit that was started.
  const housekeeping = inBackground(clock);
  const hand = createHand();
  const stops: CancelTimer[] = [];
  const whenIdle: (() => void)[] = [];
  let active = 0;
  let state: 'new' | 'open' | 'closed' = 'new';
  let woken = false;
  let lastTake: Promise<void> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const pump = createPump({
    clock: housekeeping,
    logger,
    random,
    pollIntervalMs: settings.pollIntervalMs,
    take: async () => {
      const taking = take();
      lastTake = taking.then(
        () => undefined,
        () => undefined,
      );
      return track(taking);
    },
  });

  const waiters = createAttemptWaiters({
    store,
    clock,
    wake: () => pump.wake(),
    holds: (key) => hand.holds(key),
    taken: async () => lastTake,
  });

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

  async function take(): Promise<boolean> {
    const limit = settings.concurrency - hand.size;
    const types = registry.wanted();
    const { isClosed: nothingMayStart, ...takeable } = hand.takeable;
    if (limit <= 0 || nothingMayStart || isNothing(types)) return false;
    const batch = await store.takeDue({ limit, leaseMs: settings.leaseMs, types, ...takeable });
    for (const taken of batch) hand.add(taken);
    // What the store gave while close() was called would wait for its lease to lapse, and be suspected of a crash.
    if (isClosed()) await handBackWaiting();
    startReady();
    // Fewer than asked for may mean that the rest was of the same subjects: others may stand behind it.
    return batch.length > 0 && hand.size < settings.concurrency;
  }

  // The state may have changed during an await, which the compiler does not see.
  const isClosed = (): boolean => state === 'closed';

  function startReady(): void {
    if (isClosed()) return;
    for (let held = hand.next(); held !== undefined; held = hand.next()) {
      void track(runHeld(held));
    }
  }

  async function runHeld(held: Held): Promise<void> {
    const { taken, stop } = held;
    const liftQuarantine = taken.lapsed ? housekeeping.after(QUARANTINE_MS, lift) : undefined;
    try {
      const run = taken.lapsed ? runSuspect : processDelivery;
      await run(processor, taken, stop);
    } catch (err) {
      logger.error(
        { code: 'internal', key: taken.key, err },
        'processing a delivery failed in an unexpected way; it is tried again when its lease lapses',
      );
    } finally {
      liftQuarantine?.();
      hand.remove(held);
      waiters.ended(taken.key);
    }
    startReady();
    if (hand.size <= settings.concurrency / 2) pump.wake();
  }

  function lift(): void {
    hand.liftQuarantine();
    startReady();
    pump.wake();
  }

  async function handBackWaiting(): Promise<void> {
    const waiting = hand.all().filter((held) => !held.running);
    const options = {
      delayMs: 0,
      counted: false,
      succeeded: [],
      error: 'the process was shutting down',
    };
    await Promise.all(
      waiting.map(async ({ taken }) => retryDelivery(transitionsOf(processor), taken, options)),
    );
    for (const held of waiting) hand.remove(held);
  }

  async function finishRunning(): Promise<void> {
    await atMost(clock, settings.graceMs, idle());
    if (active === 0) return;
    for (const { stop } of hand.all()) stop.stop(new Error('the process is shutting down'));
    await atMost(clock, ABORT_MS, idle());
  }

  async function shutDown(): Promise<void> {
    state = 'closed';
    pump.stop();
    // A store that is away is asked again until the lease has lapsed: nobody who shuts down waits for that.
    await Promise.all([
      atMost(clock, settings.graceMs + ABORT_MS, handBackWaiting()),
      finishRunning(),
    ]);
    waiters.close();
    for (const stop of stops) stop();
  }

  return {
    start() {
      if (state !== 'new') return;
      state = 'open';
      const shared = { store, clock: housekeeping, logger };
      stops.push(startRenewing({ ...shared, hand, diagnostics, leaseMs: settings.leaseMs }));
      stops.push(startPruning({ ...shared, registry, settings }));
      pump.wake();
      const unsubscribe = store.onDue?.(() => {
        pump.wake();
      });
      if (unsubscribe !== undefined) stops.push(unsubscribe);
    },
    wake() {
      if (woken || state !== 'open') return;
      woken = true;
      setImmediate(() => {
        woken = false;
        pump.wake();
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

function isNothing(types: TypeFilter | undefined): boolean {
  return types !== undefined && 'only' in types && types.only.length === 0;
}
