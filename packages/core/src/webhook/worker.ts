import { setImmediate } from 'node:timers';
import { detached } from '../async-context.js';
import { atMost, inBackground, type CancelTimer } from '../clock.js';
import type { HandlerRegistry } from '../event/handlers.js';
import type { Runtime } from '../runtime.js';
import { isPending, type Soon, soon } from '../settled.js';
import type { NewDelivery, RecordOutcome, TypeFilter } from '../store/durable-store.js';
import { createAttemptWaiters } from './before-reply.js';
import { Claims, type ClaimedDelivery } from './claims.js';
import { startHousekeeping } from './housekeeping.js';
import type { LaterWebhooks } from './later-webhooks.js';
import { Backlog, createPoller } from './poller.js';
import { Pace } from './pace.js';
import { createProcessor, type OnHandled } from './process.js';
import { retryDelivery } from './transitions.js';

/** Empties the inbox: claims what is due and has it processed, until it is closed. */
export interface Worker {
  /** How many deliveries have handlers at work. */
  readonly running: number;
  /** Begins to claim work; again does nothing. */
  start(): void;
  /**
   * Records a delivery, and claims it in the same step while it is free: then nobody has to fetch it from the store.
   * Its handlers start after the current turn of the event loop, so that answers go first. Fails as the store does.
   */
  record(delivery: NewDelivery): Soon<RecordOutcome>;
  /** Something may be due now; claims it after the current turn of the event loop. */
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
/** A larger body is not kept in memory while its delivery waits for its turn, in bytes. */
const LARGE_BYTES = 65_536;

/** A worker at rest. */
export function createWorker(
  runtime: Runtime,
  registry: HandlerRegistry,
  laterWebhooks: LaterWebhooks,
): Worker {
  const { store, clock, diagnostics } = runtime;
  const { holder } = runtime.settings;
  const { concurrency, leaseMs, graceMs } = runtime.settings.handlers;
  const withLease = { leaseMs, holder };
  const background = inBackground(clock);
  const claims = new Claims();
  const backlog = new Backlog();
  const pace = new Pace(concurrency);
  const processor = createProcessor(runtime, registry, laterWebhooks);
  const poller = createPoller(runtime, async () => track(claimDue()));
  const waiters = createAttemptWaiters(runtime, claims, poller);
  const stops: CancelTimer[] = [];
  const whenIdle: (() => void)[] = [];
  let active = 0;
  let state: 'new' | 'open' | 'closed' = 'new';
  /** How many a claiming under way may still bring. */
  let asked = 0;
  let scheduled: 'nothing' | 'start' | 'claim' = 'nothing';
  let closing: Promise<void> | undefined;

  /** What close() waits for. */
  async function track<T>(work: Promise<T>): Promise<T> {
    active += 1;
    try {
      return await work;
    } finally {
      ended();
    }
  }

  function ended(): void {
    active -= 1;
    if (active === 0) for (const resolve of whenIdle.splice(0)) resolve();
  }

  async function idle(): Promise<void> {
    if (active > 0) await new Promise<void>((resolve) => whenIdle.push(resolve));
  }

  /** How many more may be claimed. Handlers that are all at work and do not end are slow, whatever they were before. */
  function room(): number {
    if (claims.running >= concurrency) pace.noteStanding(clock.now());
    return pace.room - claims.size - asked;
  }

  /** Resolves with whether more may be due right now. */
  async function claimDue(): Promise<boolean> {
    const types = registry.wanted();
    const free = room();
    if (free <= 0 || claims.isExclusive || isNothing(types)) return false;
    const exceptSubjects = claims.subjects;
    const { lapsedLimit } = claims;
    // The rest of the room is for what is recorded meanwhile.
    const limit = Math.min(free, Math.max(backlog.ask(), concurrency));
    let taken = limit;
    asked = limit;
    try {
      const wanted = { types, exceptSubjects, lapsedLimit };
      const batch = await store.takeDue({ limit, leaseMs, holder, ...wanted });
      taken = batch.length;
      for (const one of batch) claims.add(one);
    } finally {
      asked = 0;
      backlog.asked(taken >= limit);
    }
    // What the store gave while close() was called would wait for its lease to lapse, and count as a crash.
    if (isClosed()) await handBackWaiting();
    startReady();
    // Fewer than asked for may mean that the rest was of the same subjects: others may stand behind it.
    return taken > 0 && room() > 0;
  }

  // The state may have changed during an await, which the compiler does not see.
  const isClosed = (): boolean => state === 'closed';

  function record(delivery: NewDelivery): Soon<RecordOutcome> {
    if (mayTake(delivery)) return recordClaimed(delivery, claims.reserve(delivery));
    const recording = soon(store.record(delivery));
    return isPending(recording)
      ? recording.then((outcome) => recordedOnly(delivery, outcome))
      : recordedOnly(delivery, recording);
  }

  function recordedOnly(delivery: NewDelivery, outcome: RecordOutcome): RecordOutcome {
    if (outcome.status === 'recorded') leftDue(delivery);
    return outcome;
  }

  /**
   * Whether a delivery may be taken as it is recorded: there is room for it, and it overtakes none of its subject. What
   * a look saw waits in the store, where the webhook about it completes it.
   */
  function mayTake(delivery: NewDelivery): boolean {
    const { subject, source, raw } = delivery;
    return (
      state === 'open' &&
      source === 'webhook' &&
      raw.length <= LARGE_BYTES &&
      isForHandlers(delivery) &&
      !claims.isExclusive &&
      claims.of(subject) === undefined &&
      !backlog.mayHold(subject) &&
      room() > 0
    );
  }

  function isForHandlers({ type, dead, unhandled }: NewDelivery): boolean {
    return dead === undefined && unhandled === undefined && registry.handles(type);
  }

  function recordClaimed(delivery: NewDelivery, claimed: ClaimedDelivery): Soon<RecordOutcome> {
    try {
      const recording = soon(store.record(delivery, withLease));
      if (!isPending(recording)) return claimedWith(delivery, claimed, recording);
      return track(claimedLater(delivery, claimed, recording));
    } catch (err) {
      letGo(claimed);
      throw err;
    }
  }

  async function claimedLater(
    delivery: NewDelivery,
    claimed: ClaimedDelivery,
    recording: Promise<RecordOutcome>,
  ): Promise<RecordOutcome> {
    try {
      return await claimedWith(delivery, claimed, await recording);
    } catch (err) {
      letGo(claimed);
      throw err;
    }
  }

  function claimedWith(
    delivery: NewDelivery,
    claimed: ClaimedDelivery,
    outcome: RecordOutcome,
  ): Soon<RecordOutcome> {
    // What was recorded and left due may have been claimed by now.
    if (claimed.state !== 'recording') return outcome;
    if (outcome.status === 'recorded' && outcome.taken !== undefined) {
      claims.confirm(claimed, outcome.taken);
      if (isClosed()) return handBack(claimed, SHUTTING_DOWN).then(() => outcome);
      startSoon('start');
      return outcome;
    }
    letGo(claimed);
    return outcome.status === 'recorded' ? recordedOnly(delivery, outcome) : outcome;
  }

  /** It waits in the store: behind what is at work on its subject, or for room. */
  function leftDue(delivery: NewDelivery): void {
    if (state !== 'open' || !isForHandlers(delivery)) return;
    const first = claims.of(delivery.subject);
    if (first === undefined) backlog.add(delivery.subject);
    else first.isFollowed = true;
    startSoon('claim');
  }

  /** After the current turn of the event loop, and in no request's async context. */
  function startSoon(what: 'start' | 'claim'): void {
    const isScheduled = scheduled !== 'nothing';
    if (scheduled !== 'claim') scheduled = what;
    if (isScheduled) return;
    setImmediate(() => {
      const isToClaim = scheduled === 'claim';
      scheduled = 'nothing';
      claims.answered();
      if (isToClaim) poller.wake();
      detached(startReady);
    });
  }

  function startReady(): void {
    if (isClosed()) return;
    while (claims.running < concurrency) {
      const claimed = claims.next();
      if (claimed === undefined) return;
      void run(claimed);
    }
  }

  async function run(claimed: ClaimedDelivery): Promise<void> {
    const { taken, stop } = claimed;
    const { lapsed } = taken;
    active += 1;
    const cancel = lapsed ? background.after(EXCLUSIVE_MS, endExclusiveStart) : undefined;
    // The outcome is written beside the next handlers.
    const onHandled: OnHandled = (took) => {
      pace.ended(took);
      claims.settle(claimed);
      startReady();
    };
    try {
      if (lapsed) await processor.processRecovered(taken, stop, onHandled);
      else await processor.process(taken, stop, onHandled);
    } catch (err) {
      diagnostics.log('internal', { key: taken.key, err });
    } finally {
      cancel?.();
      letGo(claimed);
      waiters.ended(taken.key);
      startReady();
      ended();
    }
  }

  /** Lets a delivery go; what stands behind it in the store is claimed before anything newer of its subject. */
  function letGo(claimed: ClaimedDelivery): void {
    claims.remove(claimed);
    const { subject } = claimed.taken;
    if (claimed.isFollowed) {
      const next = claims.of(subject);
      if (next === undefined) backlog.add(subject);
      else next.isFollowed = true;
    }
    if (!backlog.isEmpty && claims.size <= pace.room / 2) poller.wake();
  }

  function endExclusiveStart(): void {
    claims.endExclusiveStart();
    startReady();
    poller.wake();
  }

  async function handBackWaiting(): Promise<void> {
    await Promise.all(claims.waiting().map(async (one) => handBack(one, SHUTTING_DOWN)));
  }

  /** Handlers that have become slow leave to other processes what was claimed when they were fast. */
  async function handBackSurplus(): Promise<void> {
    const surplus = -room();
    if (surplus <= 0) return;
    const newest = claims.waiting().slice(-surplus);
    await Promise.all(newest.map(async (one) => handBack(one, NOT_ITS_TURN)));
  }

  /** As if it had not been taken. */
  async function handBack(claimed: ClaimedDelivery, error: string): Promise<void> {
    claimed.state = 'settling';
    claimed.stop.release();
    claimed.isFollowed = true;
    await retryDelivery(runtime, claimed.taken, { ...UNCOUNTED, error });
    letGo(claimed);
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
    get running() {
      return claims.running;
    },
    start() {
      if (state !== 'new') return;
      state = 'open';
      stops.push(startHousekeeping(runtime, registry, claims, () => void handBackSurplus()));
      poller.wake();
      const unsubscribe = store.onDue?.((subject) => {
        backlog.add(subject);
        poller.wake();
      });
      if (unsubscribe !== undefined) stops.push(unsubscribe);
    },
    record,
    wake() {
      if (state === 'open') startSoon('claim');
    },
    attempted: async (key, timeoutMs) => waiters.wait(key, timeoutMs),
    async close() {
      // Two signals often come together: both callers wait for the one shutdown.
      closing ??= shutDown();
      await closing;
    },
  };
}

const UNCOUNTED = { delayMs: 0, counted: false, succeeded: [] } as const;
const SHUTTING_DOWN = 'the process was shutting down';
const NOT_ITS_TURN = 'its turn did not come: the handlers have become slower';

function isNothing(types: TypeFilter | undefined): boolean {
  return types !== undefined && 'only' in types && types.only.length === 0;
}
