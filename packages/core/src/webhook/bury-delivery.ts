import type { BuryOptions, ClaimOutcome, TakenDelivery } from '../store/durable-store.js';
import { writeTransition, type Transitions } from './transition.js';

/** running → dead: no attempt is left, or none can help. It waits for `replay` or `discard`. */
export async function buryDelivery(
  transitions: Transitions,
  taken: TakenDelivery,
  options: BuryOptions,
): Promise<ClaimOutcome> {
  const outcome = await writeTransition(transitions, taken, async (store) =>
    store.bury(taken, options),
  );
  if (outcome === 'ok') {
    const facts = { key: taken.key, attempt: taken.started, reason: options.error };
    transitions.diagnostics.emit('delivery_buried', facts);
  }
  return outcome;
}
