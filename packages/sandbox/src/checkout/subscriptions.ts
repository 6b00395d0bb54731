import { publish } from '../delivery/publish.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, Subscription, SubscriptionBill } from '../state/sessions.js';
import { frequencyOf, secondsOf, type SessionTerms } from '../state/terms.js';
import { findRunningSubscription } from './find-session.js';

/** The subscription that a session becomes when it is paid (`at`, in ms): in its trial, if any, else billed at once. */
export function beginSubscription(
  { ids }: SandboxState,
  terms: SessionTerms,
  txHash: string,
  at: number,
): Subscription {
  const trialMs = terms.trialPeriod === undefined ? 0 : secondsOf(terms.trialPeriod) * 1000;
  const periodMs = secondsOf(frequencyOf(terms)) * 1000;
  if (trialMs > 0)
    return { status: 'trial', updatedAt: at, currentPeriodEnd: at + trialMs, billCount: 0 };
  const lastBill: SubscriptionBill = {
    uuid: `sub-hist@${ids.uuid()}`,
    txHash,
    at,
    periodStart: at,
    periodEnd: at + periodMs,
  };
  return {
    status: 'active',
    updatedAt: at,
    currentPeriodEnd: lastBill.periodEnd,
    lastBill,
    billCount: 1,
  };
}

/** Bills a subscription for its next period, which ends its trial. Throws unless it runs. */
export function billSubscription(state: SandboxState, uuid: string): Session {
  const { session, subscription } = findRunningSubscription(state, uuid);
  const { ids, sessions, settings } = state;
  const at = settings.clock.now();
  const { status, currentPeriodEnd: periodStart } = subscription;
  const lastBill: SubscriptionBill = {
    uuid: `sub-hist@${ids.uuid()}`,
    txHash: `0x${ids.hex(64)}`,
    at,
    periodStart,
    periodEnd: periodStart + secondsOf(frequencyOf(session.terms)) * 1000,
  };
  const endsTrial = status === 'trial';
  const billed: Session = {
    ...session,
    subscription: {
      ...subscription,
      status: 'active',
      ...(endsTrial ? { previousStatus: status } : {}),
      updatedAt: at,
      currentPeriodEnd: lastBill.periodEnd,
      lastBill,
      billCount: subscription.billCount + 1,
    },
  };
  sessions.save(billed);
  if (endsTrial) publish(state, billed, 'statusChanged', 'billed');
  else publish(state, billed, 'billed');
  return billed;
}

/** Cancels a subscription: no more bills; what is paid stays paid until its period ends. Throws unless it runs. */
export function cancelSubscription(state: SandboxState, uuid: string): Session {
  const { session, subscription } = findRunningSubscription(state, uuid);
  const at = state.settings.clock.now();
  const cancelled: Session = {
    ...session,
    subscription: {
      ...subscription,
      status: 'cancelled',
      previousStatus: subscription.status,
      updatedAt: at,
      cancelledAt: at,
    },
  };
  state.sessions.save(cancelled);
  publish(state, cancelled, 'statusChanged');
  return cancelled;
}
