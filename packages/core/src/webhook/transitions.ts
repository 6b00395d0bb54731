import { sleep, type Clock } from '../clock.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Logger } from '../logger.js';
import type {
  ClaimOutcome,
  DurableStore,
  TakenDelivery,
  RetryOptions,
  BuryOptions,
} from '../store/durable-store.js';

/** What moving a delivery to its next state needs. */
export interface Transitions {
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly diagnostics: Diagnostics;
  /** After this the lease has lapsed and trying on is pointless, in ms. */
  readonly leaseMs: number;
}

const FIRST_WAIT_MS = 50;

/**
 * Writes a transition, trying again while the lease can still be held: a store that is away for a moment must not
 * make a handler run twice. When it stays away the lease lapses and the delivery is taken again, at least once.
 */
export async function writeTransition(
  { store, clock, logger, diagnostics, leaseMs }: Transitions,
  taken: TakenDelivery,
  write: (store: DurableStore) => Promise<ClaimOutcome>,
): Promise<ClaimOutcome> {
  const deadline = clock.now() + leaseMs;
  const facts = { key: taken.key, store: store.name };
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, leaseMs / 4)) {
    try {
      const { token } = taken;
      const outcome = await write(store);
      // This worker itself took it again while the write was under way: the claim is still its own.
      if (outcome === 'lost' && taken.token !== token) continue;
      if (outcome === 'lost')
        diagnostics.emit('lease_lost', { key: taken.key, attempt: taken.started });
      return outcome;
    } catch (err) {
      logger.error(
        { ...facts, code: 'transition_failed', err },
        'the store did not write a transition',
      );
      if (clock.now() + wait >= deadline) return 'lost';
    }
    await sleep(clock, wait);
  }
}

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
