import { report } from '../delivery/publish.js';
import { failureAhead } from '../state/billing-failure.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { BillingFailureReason, FailedBill, Session, Subscription } from '../state/sessions.js';
import { DAY_MS } from '../time.js';
import { findSubscriptionThatIs } from './find-session.js';
import { billSubscription, cancelSubscription, expireTrial } from './subscriptions.js';

/** When a bill that failed is tried again, counted from its first failure; after the last it is cancelled, as at QBitFlow. */
const RETRIES_AFTER_MS = [1, 3, 5, 7].map((days) => days * DAY_MS);

/** In which of its statuses a subscription's bill can fail. */
export const FAILABLE = ['active', 'pastDue'] as const;
/** In which it is worth while to say how its bills will go. */
export const SETTABLE = ['trial', 'paused', ...FAILABLE] as const;

/** The bill that is due, by the calendar: collected or failed. A trial that cannot be billed has not been converted. */
export function collectDueBill(state: SandboxState, uuid: string): Session {
  const { subscription } = findSubscriptionThatIs(state, uuid, ['trial', ...FAILABLE]);
  const reason = failureAhead(subscription);
  if (reason === undefined) return billSubscription(state, uuid);
  if (subscription.status === 'trial') return expireTrial(state, uuid);
  return failBill(state, uuid, reason);
}

/** How bills by the calendar go from now on: they fail for a reason, or, without one, are collected. */
export function setBillsFail(
  state: SandboxState,
  uuid: string,
  billsFail: BillingFailureReason | undefined,
): Session {
  const { session, subscription } = findSubscriptionThatIs(state, uuid, SETTABLE);
  return report(state, { ...session, subscription: { ...subscription, billsFail } });
}

/**
 * A try to collect the next bill fails now: the subscription is past due, and cancelled after the last try.
 * Throws unless it is active or past due.
 */
export function failBill(state: SandboxState, uuid: string, reason: BillingFailureReason): Session {
  const { session, subscription } = findSubscriptionThatIs(state, uuid, FAILABLE);
  const { status } = subscription;
  const failed: Session = {
    ...session,
    subscription: {
      ...subscription,
      ...(status === 'pastDue' ? {} : { status: 'pastDue', previousStatus: status }),
      failedBill: failedOnceMore(state, subscription, reason),
      updatedAt: state.settings.clock.now(),
    },
  };
  if (status === 'active') return report(state, failed, 'statusChanged', 'billingFailed');
  report(state, failed, 'billingFailed');
  const isLast = failed.subscription?.failedBill?.nextAttemptAt === undefined;
  return isLast ? cancelSubscription(state, uuid, 'billingFailed') : failed;
}

function failedOnceMore(
  { ids, settings }: SandboxState,
  { failedBill }: Subscription,
  reason: BillingFailureReason,
): FailedBill {
  const attempt = (failedBill?.attempt ?? 0) + 1;
  const since = failedBill?.since ?? settings.clock.now();
  const retryAfterMs = RETRIES_AFTER_MS[attempt - 1];
  return {
    uuid: failedBill?.uuid ?? `sub-hist@${ids.uuid()}`,
    reason,
    since,
    attempt,
    remainingAttempts: Math.max(0, RETRIES_AFTER_MS.length + 1 - attempt),
    nextAttemptAt: retryAfterMs === undefined ? undefined : since + retryAfterMs,
  };
}
