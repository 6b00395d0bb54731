import { QBitFlowError } from '../errors.js';
import type { EventContext, HandlerRegistry, Registration } from '../event/handlers.js';
import type { WebhookEvent } from '../event/types.js';
import type { ParseResult } from '../protocol/parse-result.js';
import type { Runtime } from '../runtime.js';
import { isPending, type Soon } from '../settled.js';
import type { ClaimOutcome, TakenDelivery } from '../store/durable-store.js';
import type { AttemptRecord } from '../store/attempt-record.js';
import { AttemptNotes } from './attempt.js';
import type { ClaimedDelivery, StopSwitch } from './claims.js';
import type { LaterWebhooks } from './later-webhooks.js';
import { parseEvent } from './parse-event.js';
import { decideOutcome } from './retry-policy.js';
import {
  type ContextFacts,
  type ContextFor,
  Deadlines,
  type Dispatch,
  dispatchToHandlers,
  type DispatchResult,
  HandlerContext,
} from './run-handlers.js';
import {
  buryDelivery,
  completeDelivery,
  emitCompleted,
  emitStarted,
  retryDelivery,
  writeTransition,
} from './transitions.js';

/** The second half of a delivery's journey: all that happens after the 200. */
export interface Processor {
  /**
   * Runs the handlers that have not succeeded yet and writes the outcome. It never rejects; a delivery whose lease was
   * lost meanwhile is left to whoever has it now. `onHandled` is called when handlers have ended and the outcome is
   * still to be written.
   */
  process(taken: TakenDelivery, stop: StopSwitch, onHandled: OnHandled): Promise<ClaimOutcome>;
  /**
   * Processes a delivery whose process died under it. The start is counted durably first, so that a delivery that kills
   * its process each time is a dead letter after `maxUnfinishedStarts` instead of killing it forever.
   */
  processRecovered(
    taken: ClaimedDelivery['taken'],
    stop: StopSwitch,
    onHandled: OnHandled,
  ): Promise<ClaimOutcome>;
}

/** Called when handlers have ended: when they began (ms since 1970), and how long they took. */
export type OnHandled = (took: Pick<AttemptNotes, 'startedAt' | 'durationMs'>) => void;

/** A processor that remembers what this process did and could not write down. */
export function createProcessor(
  runtime: Runtime,
  registry: HandlerRegistry,
  laterWebhooks: LaterWebhooks,
): Processor {
  const { clock, errors, random } = runtime;
  const { counts: activity } = runtime.activity;
  const settings = runtime.settings.handlers;
  const rules = { random, now: () => clock.now(), ...settings };
  const deadlines = new Deadlines(clock, settings.timeoutMs);
  const ownSuccesses = createOwnSuccesses();

  async function process(
    taken: TakenDelivery,
    stop: StopSwitch,
    onHandled: OnHandled,
  ): Promise<ClaimOutcome> {
    const isSeen = taken.source === 'return';
    const parsed = readEvent(isSeen ? await laterWebhooks.completed(taken, stop) : taken);
    if (!parsed.ok) {
      errors.unreadable(taken, parsed.problem);
      return buryUnattempted(taken, parsed.problem);
    }
    const { event } = parsed;
    const all = registry.handlersFor(event);
    if (all.length === 0) return retryDelivery(runtime, taken, NO_HANDLER);
    const handlers = remainingHandlers(taken, all);
    const attempt = new Attempt(runtime, deadlines, taken, stop);
    const { key } = taken;
    emitStarted(runtime, taken);
    const result = await dispatchToHandlers(attempt, event, handlers);
    const { notes } = attempt;
    stop.release();
    onHandled(notes);
    reportFailures(result, taken, event);
    // A handler that failed has most likely rolled its transaction back, and the completion with it.
    if (attempt.completed && result.failures.length === 0) {
      emitCompleted(runtime, taken);
      activity.attempted(taken.type, 'done', notes);
      return 'ok';
    }
    const isHandedBack = stop.stopped && result.succeeded.length < handlers.length;
    // What an earlier attempt could not write down goes along.
    const succeeded = joined(ownSuccesses.of(key), result.succeeded);
    const written = isHandedBack
      ? retryDelivery(runtime, taken, { ...HANDED_BACK, succeeded, attempt: notes.as('released') })
      : settle(taken, { succeeded, failures: result.failures }, notes);
    const outcome = isPending(written) ? await written : written;
    if (outcome === 'lost') ownSuccesses.add(key, succeeded);
    else ownSuccesses.forget(key);
    return outcome;
  }

  async function processRecovered(
    taken: ClaimedDelivery['taken'],
    stop: StopSwitch,
    onHandled: OnHandled,
  ): Promise<ClaimOutcome> {
    const { key, started } = taken;
    // It was this process, and it is alive: only the store was away when the outcome was to be written.
    if (ownSuccesses.has(key)) return process(taken, stop, onHandled);
    const unfinished = started - taken.finished;
    if (unfinished >= settings.maxUnfinishedStarts) {
      const error = neverFinished(key, unfinished);
      errors.report(error, { stage: 'handle', key, attempt: started });
      return buryUnattempted(taken, error.message);
    }
    const { leaseMs } = settings;
    const start = started + 1;
    const outcome = await writeTransition(runtime, taken, async (store) =>
      store.extend(taken, { leaseMs, succeeded: [], start }),
    );
    if (outcome === 'lost') return 'lost';
    taken.started = start;
    return process(taken, stop, onHandled);
  }

  function remainingHandlers(
    { key, succeeded }: TakenDelivery,
    handlers: readonly Registration[],
  ): readonly Registration[] {
    const known = joined(succeeded, ownSuccesses.of(key));
    if (known.length === 0) return handlers;
    return handlers.filter(
      ({ name, formerly }) => !known.includes(name) && !formerly.some((old) => known.includes(old)),
    );
  }

  function reportFailures(
    { failures }: DispatchResult,
    { key, started: attempt }: TakenDelivery,
    event: WebhookEvent,
  ): void {
    for (const { handler, error } of failures)
      errors.report(error, { stage: 'handle', key, event, attempt, handler });
  }

  function settle(
    taken: TakenDelivery,
    result: DispatchResult,
    notes: AttemptNotes,
  ): Soon<ClaimOutcome> {
    const { succeeded } = result;
    const { type } = taken;
    const outcome = decideOutcome(result, taken, rules);
    if (outcome.to === 'done') {
      activity.attempted(type, 'done', notes);
      return completeDelivery(runtime, taken, { succeeded, attempt: notes.as('done') });
    }
    if (outcome.to === 'dead') {
      activity.attempted(type, 'dead', notes);
      return buryDelivery(runtime, taken, { ...outcome, succeeded, attempt: notes.as('dead') });
    }
    activity.attempted(type, outcome.counted ? 'failed' : 'putOff', notes);
    return retryDelivery(runtime, taken, { ...outcome, succeeded, attempt: notes.as('retried') });
  }

  /** No handler of it is started. */
  async function buryUnattempted(taken: TakenDelivery, error: string): Promise<ClaimOutcome> {
    const notes = new AttemptNotes(taken.started, runtime.settings.holder, clock.now());
    activity.died(taken.type);
    return buryDelivery(runtime, taken, { error, succeeded: [], attempt: notes.as('dead') });
  }

  return { process, processRecovered };
}

/** One attempt at a delivery. */
class Attempt implements Dispatch, ContextFacts {
  completed = false;
  readonly notes: AttemptNotes;

  constructor(
    readonly runtime: Runtime,
    readonly deadlines: Deadlines,
    readonly taken: TakenDelivery,
    readonly stop: StopSwitch,
  ) {
    const { settings, clock } = runtime;
    this.notes = new AttemptNotes(taken.started, settings.holder, clock.now());
  }

  onEnded(handler: string, error: Error | undefined): void {
    this.notes.ended(handler, this.runtime.clock.now(), error);
  }

  doneBy(handler: string): AttemptRecord {
    return this.notes.doneBy(handler, this.runtime.clock.now());
  }

  contextFor(recipient: ContextFor): EventContext {
    return new HandlerContext(this, recipient);
  }

  async onProgress(handler: string): Promise<void> {
    const { runtime, taken, stop } = this;
    const { leaseMs } = runtime.settings.handlers;
    const outcome = await writeTransition(runtime, taken, (store) =>
      store.extend(taken, { leaseMs, succeeded: [handler] }),
    );
    if (outcome === 'lost') stop.stop(new Error('the lease was lost'));
  }
}

/** Both lists, without a copy where one of them is empty, as it is for nearly every delivery. */
function joined(one: readonly string[], other: readonly string[]): readonly string[] {
  if (one.length === 0) return other;
  return other.length === 0 ? one : [...one, ...other];
}

/** A store that does not choose by type gave it: it waits for a process that has a handler. */
const NO_HANDLER = {
  delayMs: 60_000,
  counted: false,
  succeeded: [],
  error: 'this process has no handler for it',
} as const;

const HANDED_BACK = { delayMs: 0, counted: false, error: 'the process was shutting down' } as const;

/** The event of a claimed delivery: passed on by a store in this process, or read again from its bytes. */
function readEvent(taken: TakenDelivery): ParseResult {
  if (isEvent(taken.event)) return { ok: true, event: taken.event };
  return parseEvent({ version: taken.version, body: taken.raw });
}

/** Only `record` puts something there, and it puts what `parseEvent` made. */
function isEvent(value: unknown): value is WebhookEvent {
  return typeof value === 'object' && value !== null && 'type' in value && 'key' in value;
}

function neverFinished(key: string, starts: number): QBitFlowError {
  return new QBitFlowError(
    'poison',
    `a delivery was started ${starts} times and never finished: its handler probably ends the process; it is a dead letter until it is replayed`,
    { facts: { key, starts } },
  );
}

/**
 * Handlers that succeeded in this process and could not be written down: the store was away until the lease had
 * lapsed. They must not run again here when the delivery is claimed once more.
 */
interface OwnSuccesses {
  /** Names of handlers known to have succeeded for a key. */
  of(key: string): readonly string[];
  has(key: string): boolean;
  add(key: string, handlers: readonly string[]): void;
  /** The store knows them now. */
  forget(key: string): void;
}

const NONE: readonly string[] = Object.freeze([]);
/** Far more than a process can have claimed while its store was away. */
const MOST = 10_000;

function createOwnSuccesses(): OwnSuccesses {
  const byKey = new Map<string, readonly string[]>();
  return {
    of: (key) => byKey.get(key) ?? NONE,
    has: (key) => byKey.has(key),
    add(key, handlers) {
      if (handlers.length === 0) return;
      byKey.set(key, [...(byKey.get(key) ?? NONE), ...handlers]);
      const [oldest] = byKey.keys();
      if (byKey.size > MOST && oldest !== undefined) byKey.delete(oldest);
    },
    forget(key) {
      if (byKey.size > 0) byKey.delete(key);
    },
  };
}
