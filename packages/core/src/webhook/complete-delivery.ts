import type { ClaimOutcome, TakenDelivery } from '../store/durable-store.js';
import { writeTransition, type Transitions } from './transition.js';

/** running → done: every handler has succeeded. */
export async function completeDelivery(
  transitions: Transitions,
  taken: TakenDelivery,
  succeeded: readonly string[],
): Promise<ClaimOutcome> {
  const outcome = await writeTransition(transitions, taken, async (store) =>
    store.complete(taken, { succeeded }),
  );
  if (outcome === 'ok')
    transitions.diagnostics.emit('delivery_completed', { key: taken.key, attempt: taken.started });
  return outcome;
}
