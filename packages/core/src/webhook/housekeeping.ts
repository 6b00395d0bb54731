import { inBackground, repeat, type CancelTimer } from '../clock.js';
import type { HandlerRegistry } from '../event/handlers.js';
import type { Runtime } from '../runtime.js';
import type { TypeFilter } from '../store/durable-store.js';
import type { ClaimedDelivery, Claims } from './claims.js';

const PRUNING = { everyMs: 3_600_000, firstAfterMs: 60_000 };
const BATCH = 1_000;

/**
 * What a worker does beside running handlers: renews the leases of its claims, three times a lease, and once an hour drops
 * the bodies of what has been done for long enough and settles what no handler was there for. None of it keeps the
 * process alive. `beforeRenewal` may let go what is not to be renewed. Returns a function that stops it.
 */
export function startHousekeeping(
  runtime: Runtime,
  registry: HandlerRegistry,
  claims: Claims,
  beforeRenewal: () => void,
): CancelTimer {
  const clock = inBackground(runtime.clock);
  const { leaseMs } = runtime.settings.handlers;
  const stopRenewing = repeat(clock, { everyMs: leaseMs / 3 }, () => {
    beforeRenewal();
    for (const claimed of claims.all())
      if (claimed.state !== 'recording') void renew(runtime, claims, claimed);
  });
  const stopPruning = repeat(clock, PRUNING, () => {
    void prune(runtime);
    void settleUnhandled(runtime, registry);
  });
  return () => {
    stopRenewing();
    stopPruning();
  };
}

async function renew(
  { store, diagnostics, settings }: Runtime,
  claims: Claims,
  claimed: ClaimedDelivery,
): Promise<void> {
  const { key, token } = claimed.taken;
  const { leaseMs } = settings.handlers;
  try {
    const outcome = await store.extend(claimed.taken, { leaseMs, succeeded: [] });
    // A completion that went through meanwhile makes the renewal fail too, before the worker has its answer: while an
    // outcome is being written, that write alone tells whether the lease was lost.
    if (outcome === 'ok' || claimed.stop.released || claimed.state === 'gone') return;
    // This worker itself claimed it again while the renewal was under way.
    if (claimed.taken.token !== token) return;
    diagnostics.emit('lease_lost', { key, attempt: claimed.taken.started });
    claimed.stop.stop(new Error('the lease was lost'));
    if (claimed.state === 'waiting') claims.remove(claimed);
  } catch (err) {
    diagnostics.log('lease_not_renewed', { key, err });
  }
}

async function prune({ store, diagnostics, settings }: Runtime): Promise<void> {
  const { keepDoneMs: doneForMs, keepKeysMs } = settings.handlers;
  try {
    await inBatches(async (limit) => store.prune({ doneForMs, keepKeysMs, limit }));
  } catch (err) {
    diagnostics.log('prune_failed', { err });
  }
}

/** Types that a shop has no use for must not pile up; a payment that was not handled must be reported. */
async function settleUnhandled(
  { store, diagnostics, settings }: Runtime,
  registry: HandlerRegistry,
): Promise<void> {
  const types = othersThan(registry.wanted());
  if (types === undefined) return;
  const dueForMs = settings.handlers.unhandledAfterMs;
  try {
    const settled = await inBatches(async (limit) =>
      store.settleUnhandled({ types, dueForMs, limit }),
    );
    if (settled > 0) diagnostics.log('deliveries_unhandled', { settled });
  } catch (err) {
    diagnostics.log('settle_failed', { err });
  }
}

async function inBatches(run: (limit: number) => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const changed = await run(BATCH);
    sum += changed;
    if (changed < BATCH) return sum;
  }
}

/** The types a filter keeps out; `undefined` when it keeps out none. */
function othersThan(wanted: TypeFilter | undefined): TypeFilter | undefined {
  if (wanted === undefined) return undefined;
  return 'only' in wanted ? { except: wanted.only } : { only: wanted.except };
}
