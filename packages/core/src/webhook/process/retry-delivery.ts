import type { ClaimOutcome, RetryOptions, TakenDelivery } from '../../store/durable-store.js';
import { writeTransition, type Transitions } from './transition.js';

/** running → due: a handler failed, or the delivery is handed back uncounted at shutdown. */
export async function retryDelivery(
  transitions: Transitions,
  taken: TakenDelivery,
  options: RetryOptions,
): Promise<ClaimOutcome> {
  const { logger } = transitions;
  const outcome = await writeTransition(transitions, taken, (store) => store.retry(taken, options));
  const { delayMs, counted = true } = options;
  if (outcome === 'ok') {
    const code = counted ? 'delivery_retried' : 'delivery_released';
    logger.info(
      { code, key: taken.key, attempt: taken.started, delayMs },
      'a delivery is due again',
    );
  }
  return outcome;
}
