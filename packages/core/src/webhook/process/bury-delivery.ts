import type { BuryOptions, ClaimOutcome, TakenDelivery } from '../../store/durable-store.js';
import { writeTransition, type Transitions } from './transition.js';

/** running → dead: no attempt is left, or none can help. It waits for `replay` or `discard`. */
export async function buryDelivery(
  transitions: Transitions,
  taken: TakenDelivery,
  options: BuryOptions,
): Promise<ClaimOutcome> {
  const { logger } = transitions;
  const outcome = await writeTransition(transitions, taken, (store) => store.bury(taken, options));
  if (outcome === 'ok')
    logger.error(
      { code: 'delivery_buried', key: taken.key, attempt: taken.started, error: options.error },
      'a delivery is a dead letter now',
    );
  return outcome;
}
