import type { CancelTimer, Clock } from '../clock.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Logger } from '../logger.js';
import type { DurableStore, TypeFilter } from '../store/durable-store.js';
import type { Hand, Held } from './claims.js';
import type { HandlerRegistry } from '../event/handlers.js';
import type { HandlerSettings } from '../options.js';

/** What renewing needs. */
export interface Renewal {
  readonly hand: Hand;
  readonly store: DurableStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly diagnostics: Diagnostics;
  readonly leaseMs: number;
}

/** Renews the leases of all that is held, three times a lease. Returns how to stop. */
export function startRenewing(renewal: Renewal): CancelTimer {
  const { hand, clock, leaseMs } = renewal;
  let cancel: CancelTimer = schedule();
  function schedule(): CancelTimer {
    return clock.after(leaseMs / 3, () => {
      for (const held of hand.all()) void renew(renewal, held);
      cancel = schedule();
    });
  }
  return () => {
    cancel();
  };
}

async function renew(
  { hand, store, diagnostics, logger, leaseMs }: Renewal,
  held: Held,
): Promise<void> {
  const { key, token } = held.taken;
  try {
    const outcome = await store.extend(held.taken, { leaseMs, succeeded: [] });
    // A completion that went through meanwhile makes the renewal fail too, before the worker has heard of it: while an
    // outcome is being written, that write alone tells whether the lease was lost.
    if (outcome === 'ok' || held.stop.released || !hand.all().includes(held)) return;
    // This worker itself took it again while the renewal was under way.
    if (held.taken.token !== token) return;
    diagnostics.emit('lease_lost', { key, attempt: held.taken.started });
    held.stop.stop(new Error('the lease was lost'));
    if (!held.running) hand.remove(held);
  } catch (err) {
    logger.error({ code: 'lease_not_renewed', key, err }, 'the store did not renew a lease');
  }
}

/** What pruning needs. */
export interface Pruning {
  readonly store: DurableStore;
  readonly registry: HandlerRegistry;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly settings: HandlerSettings;
}

const EVERY_MS = 3_600_000;
const FIRST_AFTER_MS = 60_000;
const BATCH = 1_000;

/**
 * Once an hour: drops the bodies of what has been done for long enough, and settles what no handler was there for.
 * Returns how to stop.
 */
export function startPruning(pruning: Pruning): CancelTimer {
  const { clock } = pruning;
  let cancel: CancelTimer = schedule(FIRST_AFTER_MS);
  function schedule(delayMs: number): CancelTimer {
    return clock.after(delayMs, () => {
      cancel = schedule(EVERY_MS);
      void prune(pruning);
      void settleUnhandled(pruning);
    });
  }
  return () => {
    cancel();
  };
}

async function prune({ store, logger, settings }: Pruning): Promise<void> {
  const { keepDoneMs: doneForMs, keepKeysMs } = settings;
  try {
    await inBatches(async (limit) => store.prune({ doneForMs, keepKeysMs, limit }));
  } catch (err) {
    logger.error(
      { code: 'prune_failed', err },
      'the store did not prune; it is tried again in an hour',
    );
  }
}

/** Types that a shop has no use for must not pile up; a payment that nobody handled must be told of. */
async function settleUnhandled({ store, registry, logger, settings }: Pruning): Promise<void> {
  const types = othersThan(registry.wanted());
  if (types === undefined) return;
  const dueForMs = settings.unhandledAfterMs;
  try {
    const settled = await inBatches(async (limit) =>
      store.settleUnhandled({ types, dueForMs, limit }),
    );
    if (settled === 0) return;
    logger.warn(
      { code: 'deliveries_unhandled', settled },
      'deliveries waited for a handler for unhandledAfterMs and are done now without one: deliveries.list({ unhandled: true }) shows them, deliveries.replayUnhandled(type) hands them to a handler',
    );
  } catch (err) {
    logger.error(
      { code: 'settle_failed', err },
      'the store did not settle unhandled deliveries; it is tried again in an hour',
    );
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
