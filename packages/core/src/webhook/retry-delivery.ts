import type { ClaimOutcome, RetryOptions, TakenDelivery } from '../store/durable-store.js';
import { writeTransition, type Transitions } from './transition.js';

/** running → due: a handler failed, or the delivery is handed back uncounted at shutdown. */
export async function retryDelivery(
  transitions: Transitions,
  taken: TakenDelivery,
  options: RetryOptions,
): Promise<ClaimOutcome> {
  const outcome = await writeTransition(transitions, taken, async (store) =>
    store.retry(taken, options),
  );
  if (outcome === 'lost') return outcome;
  const { delayMs, error: reason, counted = true } = options;
  const facts = { key: taken.key, attempt: taken.started, delayMs, reason };
  transitions.diagnostics.emit(counted ? 'delivery_retried' : 'delivery_released', facts);
  return outcome;
}
