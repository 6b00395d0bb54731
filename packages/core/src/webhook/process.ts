import type { Clock } from '../clock.js';
import type { ErrorReporter } from '../error-reporter.js';
import { type HandlerRegistry, type Registration, traceContextOf } from '../event/handlers.js';
import type { WebhookEvent } from '../event/types.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Logger } from '../logger.js';
import type { HandlerSettings } from '../options.js';
import type { ClaimOutcome, DurableStore, TakenDelivery } from '../store/durable-store.js';
import {
  buryDelivery,
  completeDelivery,
  retryDelivery,
  type Transitions,
  writeTransition,
} from './transitions.js';
import { contextMaker, type DispatchResult, dispatchToHandlers } from './run-handlers.js';
import { decideOutcome } from './retry-policy.js';
import { completedByWebhook, type LaterWebhooks } from './later-webhooks.js';
import type { StopSwitch, Held } from './claims.js';
import { QBitFlowError } from '../errors.js';
import type { ParseResult } from '../protocol/parse-result.js';
import { parseEvent } from './parse-event.js';

/** What processing needs. */
export interface Processor {
  readonly store: DurableStore;
  readonly registry: HandlerRegistry;
  readonly errors: ErrorReporter;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly diagnostics: Diagnostics;
  readonly random: () => number;
  readonly settings: HandlerSettings;
  /** What this process did and could not write down. */
  readonly ownSuccesses: OwnSuccesses;
  readonly laterWebhooks: LaterWebhooks;
}

/**
 * The second half of a delivery's journey: all that happens after the 200. It never rejects; a delivery whose lease
 * was lost meanwhile is left to whoever has it now.
 */
export async function processDelivery(
  processor: Processor,
  taken: TakenDelivery,
  stop: StopSwitch,
): Promise<ClaimOutcome> {
  const transitions = transitionsOf(processor);
  const isSeen = taken.source === 'return';
  const delivery = isSeen ? await completedByWebhook(processor, taken, stop) : taken;
  const parsed = readEvent(delivery);
  if (!parsed.ok) {
    processor.errors.unreadable(taken, parsed.problem);
    return buryDelivery(transitions, taken, { error: parsed.problem, succeeded: [] });
  }
  const { event } = parsed;
  const all = processor.registry.handlersFor(event);
  if (all.length === 0) return retryDelivery(transitions, taken, NO_HANDLER);
  const handlers = remainingHandlers(processor, taken, all);
  const { makeContext, completed } = contextMaker(processor, taken, () => {
    stop.release();
  });
  const { key, started: attempt } = taken;
  processor.diagnostics.emit('delivery_started', {
    key,
    attempt,
    ...traceContextOf(taken.headers),
  });
  const result = await dispatchToHandlers({
    event,
    handlers,
    stop,
    clock: processor.clock,
    timeoutMs: processor.settings.timeoutMs,
    makeContext,
    async onProgress(handler) {
      const outcome = await rememberProgress(processor, taken, handler);
      if (outcome === 'lost') stop.stop(new Error('the lease was lost'));
    },
  });
  stop.release();
  reportFailures(processor, result, { taken, event });
  // A handler that failed has most likely rolled its transaction back, and the completion with it.
  if (completed() && result.failures.length === 0) return noteCompletion(processor, taken);
  const isHandedBack = stop.stopped && result.succeeded.length < handlers.length;
  // What an earlier attempt could not write down goes along.
  const succeeded = [...processor.ownSuccesses.of(taken.key), ...result.succeeded];
  const outcome = isHandedBack
    ? await retryDelivery(transitions, taken, { ...HANDED_BACK, succeeded })
    : await settle(processor, taken, { ...result, succeeded });
  if (outcome === 'lost') processor.ownSuccesses.add(taken.key, succeeded);
  else processor.ownSuccesses.forget(taken.key);
  return outcome;
}

/** A store that does not choose by type gave it: it waits for a process that has a handler. */
const NO_HANDLER = {
  delayMs: 60_000,
  counted: false,
  succeeded: [],
  error: 'this process has no handler for it',
} as const;

const HANDED_BACK = { delayMs: 0, counted: false, error: 'the process was shutting down' } as const;

/** The handler's own transaction has completed the delivery already. */
function noteCompletion(
  { diagnostics }: Processor,
  { key, started: attempt }: TakenDelivery,
): ClaimOutcome {
  diagnostics.emit('delivery_completed', { key, attempt });
  return 'ok';
}

async function settle(
  processor: Processor,
  taken: TakenDelivery,
  result: DispatchResult,
): Promise<ClaimOutcome> {
  const transitions = transitionsOf(processor);
  const { succeeded } = result;
  const { settings, random, clock } = processor;
  const rules = { ...settings, random, nowMs: clock.now() };
  const outcome = decideOutcome(result, taken, rules);
  if (outcome.to === 'done') return completeDelivery(transitions, taken, succeeded);
  if (outcome.to === 'dead') return buryDelivery(transitions, taken, { ...outcome, succeeded });
  return retryDelivery(transitions, taken, { ...outcome, succeeded });
}

/** What the transition files need of a processor. */
export function transitionsOf({
  store,
  clock,
  logger,
  diagnostics,
  settings,
}: Processor): Transitions {
  return { store, clock, logger, diagnostics, leaseMs: settings.leaseMs };
}

function remainingHandlers(
  { ownSuccesses }: Processor,
  { key, succeeded }: TakenDelivery,
  handlers: readonly Registration[],
): readonly Registration[] {
  const known = [...succeeded, ...ownSuccesses.of(key)];
  if (known.length === 0) return handlers;
  return handlers.filter(
    ({ name, formerly }) => !known.includes(name) && !formerly.some((old) => known.includes(old)),
  );
}

async function rememberProgress(
  processor: Processor,
  taken: TakenDelivery,
  handler: string,
): Promise<ClaimOutcome> {
  const { leaseMs } = processor.settings;
  return writeTransition(transitionsOf(processor), taken, (store) =>
    store.extend(taken, { leaseMs, succeeded: [handler] }),
  );
}

function reportFailures(
  { errors }: Processor,
  { failures }: DispatchResult,
  { taken, event }: { taken: TakenDelivery; event: WebhookEvent },
): void {
  const { key, started: attempt } = taken;
  for (const { handler, error } of failures)
    errors.report(error, { stage: 'handle', key, event, attempt, handler });
}

/**
 * Runs a delivery whose process died under it. The start is counted durably first, so that a delivery that kills its
 * process each time is parked after `maxUnfinishedStarts` instead of killing it for ever.
 */
export async function runSuspect(
  processor: Processor,
  taken: Held['taken'],
  stop: StopSwitch,
): Promise<ClaimOutcome> {
  const { settings, errors } = processor;
  const transitions = transitionsOf(processor);
  // It was this process, and it is alive: only the store was away when the outcome was to be written.
  if (processor.ownSuccesses.has(taken.key)) return processDelivery(processor, taken, stop);
  const unfinished = taken.started - taken.finished;
  if (unfinished >= settings.maxUnfinishedStarts) {
    const error = poison(taken, unfinished);
    errors.report(error, { stage: 'handle', key: taken.key, attempt: taken.started });
    return buryDelivery(transitions, taken, { error: error.message, succeeded: [] });
  }
  const start = taken.started + 1;
  const outcome = await writeTransition(transitions, taken, async (store) =>
    store.extend(taken, { leaseMs: settings.leaseMs, succeeded: [], start }),
  );
  if (outcome === 'lost') return 'lost';
  taken.started = start;
  return processDelivery(processor, taken, stop);
}

function poison({ key }: TakenDelivery, starts: number): QBitFlowError {
  return new QBitFlowError(
    'poison',
    `a delivery was started ${starts} times and never finished: its handler probably ends the process; it is parked as a dead letter until it is replayed`,
    { facts: { key, starts } },
  );
}

/** The event of a taken delivery: handed over by a store in this process, or read again from its bytes. */
export function readEvent(taken: TakenDelivery): ParseResult {
  if (isEvent(taken.event)) return { ok: true, event: taken.event };
  return parseEvent({ version: taken.version, body: taken.raw });
}

/** Only `record` puts something there, and it puts what `parseEvent` made. */
function isEvent(value: unknown): value is WebhookEvent {
  return typeof value === 'object' && value !== null && 'type' in value && 'key' in value;
}

/**
 * Handlers that succeeded in this process and could not be written down: the store was away until the lease had
 * lapsed. They must not run again here when the delivery is taken once more.
 */
export interface OwnSuccesses {
  /** Names of handlers known to have succeeded for a key. */
  of(key: string): readonly string[];
  has(key: string): boolean;
  add(key: string, handlers: readonly string[]): void;
  /** The store knows them now. */
  forget(key: string): void;
}

const NONE: readonly string[] = Object.freeze([]);
/** Far more than a process can have taken while its store was away. */
const MOST = 10_000;

/** Nothing yet. */
export function createOwnSuccesses(): OwnSuccesses {
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
