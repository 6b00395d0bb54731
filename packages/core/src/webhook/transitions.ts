import { doubled, sleep } from '../clock.js';
import { asError } from '../errors.js';
import { traceContextOf } from '../event/handlers.js';
import type { Runtime } from '../runtime.js';
import { isPending, type Soon, soon } from '../settled.js';
import type {
  BuryOptions,
  ClaimOutcome,
  DurableStore,
  Progress,
  RetryOptions,
  TakenDelivery,
} from '../store/durable-store.js';

const FIRST_WAIT_MS = 50;

type Write = (store: DurableStore) => Promise<ClaimOutcome>;

/**
 * Writes a transition, retrying while the lease may still last: a store that is away for a moment must not make a
 * handler run twice. When it stays away the lease lapses and the delivery is claimed again, at least once.
 */
export function writeTransition(
  runtime: Runtime,
  taken: TakenDelivery,
  write: Write,
): Soon<ClaimOutcome> {
  const { token } = taken;
  const writing = soon(attempted(runtime, write));
  return writing === 'ok' ? writing : insist(runtime, taken, write, { writing, token });
}

/** A store that throws instead of rejecting. */
function attempted({ store }: Runtime, write: Write): Promise<ClaimOutcome> {
  try {
    return write(store);
  } catch (error) {
    return Promise.reject(asError(error));
  }
}

interface FirstTry {
  readonly writing: Soon<ClaimOutcome>;
  /** What the claim was called then. */
  readonly token: string;
}

async function insist(
  runtime: Runtime,
  taken: TakenDelivery,
  write: Write,
  first: FirstTry,
): Promise<ClaimOutcome> {
  const { store, clock, diagnostics, settings } = runtime;
  const { key } = taken;
  const { leaseMs } = settings.handlers;
  const deadline = clock.now() + leaseMs;
  let { writing, token } = first;
  for (let retries = 0; ; retries += 1) {
    try {
      const outcome = await writing;
      if (outcome === 'ok') return outcome;
      if (taken.token === token) {
        diagnostics.emit('lease_lost', { key, attempt: taken.started });
        return outcome;
      }
      // This worker itself claimed it again while the write was under way: the claim is still its own.
    } catch (err) {
      diagnostics.log('transition_failed', { key, store: store.name, err });
      const waitMs = doubled(FIRST_WAIT_MS, retries, leaseMs / 4);
      if (clock.now() + waitMs >= deadline) return 'lost';
      await sleep(clock, waitMs);
    }
    ({ token } = taken);
    writing = attempted(runtime, write);
  }
}

/** running → done: every handler has succeeded. */
export function completeDelivery(
  runtime: Runtime,
  taken: TakenDelivery,
  progress: Progress,
): Soon<ClaimOutcome> {
  const written = writeTransition(runtime, taken, (store) => store.complete(taken, progress));
  return isPending(written)
    ? written.then((outcome) => tellCompleted(runtime, taken, outcome))
    : tellCompleted(runtime, taken, written);
}

function tellCompleted(
  runtime: Runtime,
  taken: TakenDelivery,
  outcome: ClaimOutcome,
): ClaimOutcome {
  if (outcome === 'ok') emitCompleted(runtime, taken);
  return outcome;
}

/** Says that an attempt begins, and in which trace the delivery came. */
export function emitStarted(
  { diagnostics }: Runtime,
  { key, started: attempt, headers }: TakenDelivery,
): void {
  const trace = traceContextOf(headers);
  const facts = { key, attempt };
  diagnostics.emit('delivery_started', trace === undefined ? facts : { ...facts, ...trace });
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
