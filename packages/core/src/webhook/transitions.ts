import { doubled, sleep } from '../clock.js';
import type { Runtime } from '../runtime.js';
import type {
  BuryOptions,
  ClaimOutcome,
  DurableStore,
  RetryOptions,
  TakenDelivery,
} from '../store/durable-store.js';

const FIRST_WAIT_MS = 50;

/**
 * Writes a transition, retrying while the lease may still last: a store that is away for a moment must not make a
 * handler run twice. When it stays away the lease lapses and the delivery is claimed again, at least once.
 */
export async function writeTransition(
  { store, clock, diagnostics, settings }: Runtime,
  taken: TakenDelivery,
  write: (store: DurableStore) => Promise<ClaimOutcome>,
): Promise<ClaimOutcome> {
  const { key } = taken;
  const { leaseMs } = settings.handlers;
  const deadline = clock.now() + leaseMs;
  for (let retries = 0; ; retries += 1) {
    try {
      const { token } = taken;
      const outcome = await write(store);
      if (outcome === 'ok') return outcome;
      // This worker itself claimed it again while the write was under way: the claim is still its own.
      if (taken.token !== token) continue;
      diagnostics.emit('lease_lost', { key, attempt: taken.started });
      return outcome;
    } catch (err) {
      diagnostics.log('transition_failed', { key, store: store.name, err });
    }
    const waitMs = doubled(FIRST_WAIT_MS, retries, leaseMs / 4);
    if (clock.now() + waitMs >= deadline) return 'lost';
    await sleep(clock, waitMs);
  }
}

/** running → done: every handler has succeeded. */
export async function completeDelivery(
  runtime: Runtime,
  taken: TakenDelivery,
  succeeded: readonly string[],
): Promise<ClaimOutcome> {
  const outcome = await writeTransition(runtime, taken, async (store) =>
    store.complete(taken, { succeeded }),
  );
  if (outcome === 'ok') emitCompleted(runtime, taken);
  return outcome;
}

/** Says that a delivery is done, whoever wrote it: the worker, or a handler's own transaction. */
export function emitCompleted(
  { diagnostics }: Runtime,
  { key, started: attempt }: TakenDelivery,
): void {
  diagnostics.emit('delivery_completed', { key, attempt });
}

/** running → due: a handler failed, or the delivery is handed back uncounted at shutdown. */
export async function retryDelivery(
  runtime: Runtime,
  taken: TakenDelivery,
  options: RetryOptions,
): Promise<ClaimOutcome> {
  const outcome = await writeTransition(runtime, taken, async (store) =>
    store.retry(taken, options),
  );
  if (outcome === 'lost') return outcome;
  const { delayMs, error: reason, counted = true } = options;
  const facts = { key: taken.key, attempt: taken.started, delayMs, reason };
  runtime.diagnostics.emit(counted ? 'delivery_retried' : 'delivery_released', facts);
  return outcome;
}

/** running → dead: no attempt is left, or none can help. It waits for `replay` or `discard`. */
export async function buryDelivery(
  runtime: Runtime,
  taken: TakenDelivery,
  options: BuryOptions,
): Promise<ClaimOutcome> {
  const outcome = await writeTransition(runtime, taken, async (store) =>
    store.bury(taken, options),
  );
  if (outcome === 'ok') {
    const facts = { key: taken.key, attempt: taken.started, reason: options.error };
    runtime.diagnostics.emit('delivery_buried', facts);
  }
  return outcome;
}
