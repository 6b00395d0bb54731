import type { Clock } from '../clock.js';
import type { ErrorReporter } from '../error-reporter.js';
import { type HandlerRegistry, type Registration, traceContextOf } from '../event/handlers.js';
import type { WebhookEvent } from '../event/types.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Logger } from '../logger.js';
import type { HandlerSettings } from '../options.js';
import type { ClaimOutcome, DurableStore, TakenDelivery } from '../store/durable-store.js';
import { buryDelivery } from './bury-delivery.js';
import { completeDelivery } from './complete-delivery.js';
import { contextMaker } from './context.js';
import { decideOutcome } from './decide-outcome.js';
import { type DispatchResult, dispatchToHandlers } from './dispatch-to-handlers.js';
import { completedByWebhook, type LaterWebhooks } from './later-webhooks.js';
import type { OwnSuccesses } from './own-successes.js';
import { readEvent } from './read-event.js';
import { retryDelivery } from './retry-delivery.js';
import type { StopSwitch } from './stop-switch.js';
import { type Transitions, writeTransition } from './transition.js';

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
