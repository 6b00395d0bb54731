import type { ClaimOutcome, TakenDelivery } from '../../store/durable-store.js';
import { writeTransition, type Transitions } from './transition.js';

/** running → done: every handler has succeeded. */
export async function completeDelivery(
  transitions: Transitions,
  taken: TakenDelivery,
  succeeded: readonly string[],
): Promise<ClaimOutcome> {
  const { logger } = transitions;
  const outcome = await writeTransition(transitions, taken, (store) =>
    store.complete(taken, { succeeded }),
  );
  if (outcome === 'ok')
    logger.debug(
      { code: 'delivery_completed', key: taken.key, attempt: taken.started },
      'a delivery is done',
    );
  return outcome;
}
