import type { CancelTimer, Clock } from '../clock.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Logger } from '../logger.js';
import type { DurableStore } from '../store/durable-store.js';
import type { Hand, Held } from './claims.js';

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
