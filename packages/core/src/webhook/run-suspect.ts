import type { Held } from './claims.js';
import type { ClaimOutcome, TakenDelivery } from '../store/durable-store.js';
import { QBitFlowError } from '../errors.js';
import { processDelivery, transitionsOf, type Processor } from './process.js';
import { buryDelivery } from './bury-delivery.js';
import type { StopSwitch } from './stop-switch.js';
import { writeTransition } from './transition.js';

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
