import { report } from '../delivery/publish.js';
import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type {
  CancellationReason,
  RequiredAction,
  Session,
  Subscription,
  SubscriptionBill,
  SubscriptionStatus,
} from '../state/sessions.js';
import { frequencyOf, secondsOf, type SessionTerms } from '../state/terms.js';
import { findSubscription, findSubscriptionThatIs } from './find-session.js';

/** In which of its statuses a subscription can be billed: what is offered and what is refused follow from these lists. */
export const BILLABLE = ['trial', 'trialExpired', 'active', 'pastDue'] as const;
/** In which it can be stopped, or its customer be asked for something. */
export const STOPPABLE = ['trial', 'active', 'pastDue', 'paused'] as const;
/** In which it can be cancelled: all but one. */
export const CANCELLABLE = [...BILLABLE, 'paused', 'stopped'] as const;
/** Its next bill comes when its period ends. */
export const RUNNING = ['trial', 'active'] as const;

/** The subscription that a session becomes when it is paid (`at`, in ms): in its trial, if any, else billed at once. */
export function beginSubscription(
  { ids }: SandboxState,
  terms: SessionTerms,
  txHash: string,
  at: number,
): Subscription {
  const trialMs = terms.trialPeriod === undefined ? 0 : secondsOf(terms.trialPeriod) * 1000;
  if (trialMs > 0)
    return { status: 'trial', updatedAt: at, currentPeriodEnd: at + trialMs, billCount: 0 };
  const lastBill: SubscriptionBill = {
    uuid: `sub-hist@${ids.uuid()}`,
    txHash,
    at,
    periodStart: at,
    periodEnd: at + periodMsOf(terms),
  };
  return {
    status: 'active',
    updatedAt: at,
    currentPeriodEnd: lastBill.periodEnd,
    lastBill,
    billCount: 1,
  };
}

/** How long a period is, in ms. */
export function periodMsOf(terms: SessionTerms): number {
  return secondsOf(frequencyOf(terms)) * 1000;
}

/**
 * Collects a subscription's next bill now, or the one that failed before. It ends a trial and makes one that was past
 * due active again; what the customer had to do is done. Throws where it is paused, stopped or cancelled.
 */
export function billSubscription(state: SandboxState, uuid: string): Session {
  const { actionRequired } = findSubscriptionThatIs(state, uuid, BILLABLE).subscription;
  // Before the bill, and told by itself: v1 has one status for both.
  if (actionRequired !== undefined) changeAction(state, uuid, undefined);
  const { session, subscription } = findSubscriptionThatIs(state, uuid, BILLABLE);
  const { status, billCount } = subscription;
  const lastBill = makeBill(state, session, subscription);
  const billed: Subscription = {
    ...subscription,
    ...(status === 'active' ? {} : { status: 'active', previousStatus: status }),
    updatedAt: lastBill.at,
    currentPeriodEnd: lastBill.periodEnd,
    lastBill,
    billCount: billCount + 1,
    failedBill: undefined,
  };
  const changed: Session = { ...session, subscription: billed };
  if (status === 'active') return report(state, changed, 'billed');
  return report(state, changed, 'statusChanged', 'billed');
}

function makeBill(
  { ids, settings }: SandboxState,
  { terms }: Session,
  subscription: Subscription,
): SubscriptionBill {
  const at = settings.clock.now();
  const periodMs = periodMsOf(terms);
  const periodStart = nextPeriodStart(subscription, at, periodMs);
  return {
    uuid: subscription.failedBill?.uuid ?? `sub-hist@${ids.uuid()}`,
    txHash: `0x${ids.hex(64)}`,
    at,
    periodStart,
    periodEnd: periodStart + periodMs,
  };
}

/** Periods follow one another. Who had no access meanwhile, after a trial or for a whole period, begins anew. */
function nextPeriodStart(
  { status, currentPeriodEnd }: Subscription,
  at: number,
  periodMs: number,
): number {
  const beginsAnew = status === 'trialExpired' || at - currentPeriodEnd >= periodMs;
  return beginsAnew ? at : currentPeriodEnd;
}

/** Tells a customer what to do before the next bill, or that nothing is left to do. Throws where that is no change. */
export function requireAction(
  state: SandboxState,
  uuid: string,
  action: RequiredAction | undefined,
): Session {
  const { status, actionRequired } = findSubscriptionThatIs(state, uuid, STOPPABLE).subscription;
  if (actionRequired === action)
    throw new CheckoutError('not_possible', `what is required is ${action ?? 'nothing'} already`);
  if (action === 'confirmTrial' && status !== 'trial')
    throw new CheckoutError('not_possible', 'only a subscription in its trial has one to confirm');
  return changeAction(state, uuid, action);
}

function changeAction(
  state: SandboxState,
  uuid: string,
  actionRequired: RequiredAction | undefined,
): Session {
  const { session, subscription } = findSubscription(state, uuid);
  const changed: Subscription = {
    ...subscription,
    actionRequired,
    previousActionRequired: subscription.actionRequired,
    updatedAt: state.settings.clock.now(),
  };
  return report(state, { ...session, subscription: changed }, 'actionRequiredChanged');
}

/** Announces the next bill now, once; by the calendar it is announced some days before. */
export function announceBill(state: SandboxState, uuid: string): Session {
  const { session, subscription } = findSubscriptionThatIs(state, uuid, RUNNING);
  const { currentPeriodEnd: announcedFor } = subscription;
  return report(
    state,
    { ...session, subscription: { ...subscription, announcedFor } },
    'upcomingBill',
  );
}

/** A trial ends without a bill: access ends with it. A bill still makes it active, within seven days. */
export function expireTrial(state: SandboxState, uuid: string): Session {
  const at = state.settings.clock.now();
  return changeStatus(state, uuid, ['trial'], {
    status: 'trialExpired',
    trialExpiredAt: at,
    currentPeriodEnd: at,
  });
}

/** No bills until it is resumed; what is paid stays paid until its period ends. */
export function pauseSubscription(state: SandboxState, uuid: string): Session {
  return changeStatus(state, uuid, ['active'], { status: 'paused' });
}

/** Bills come again: one at once, where its period has ended meanwhile. */
export function resumeSubscription(state: SandboxState, uuid: string): Session {
  return changeStatus(state, uuid, ['paused'], { status: 'active' });
}

/** No more bills, for good; what is paid stays paid until its period ends. */
export function stopSubscription(state: SandboxState, uuid: string): Session {
  return changeStatus(state, uuid, STOPPABLE, { status: 'stopped' });
}

/** Cancels a subscription: no more bills; what is paid stays paid until its period ends. Throws where it is cancelled. */
export function cancelSubscription(
  state: SandboxState,
  uuid: string,
  cancellationReason: CancellationReason,
): Session {
  return changeStatus(state, uuid, CANCELLABLE, {
    status: 'cancelled',
    cancelledAt: state.settings.clock.now(),
    cancellationReason,
  });
}

function changeStatus(
  state: SandboxState,
  uuid: string,
  from: readonly SubscriptionStatus[],
  change: Partial<Subscription>,
): Session {
  const { session, subscription } = findSubscriptionThatIs(state, uuid, from);
  const changed: Subscription = {
    ...subscription,
    ...change,
    previousStatus: subscription.status,
    updatedAt: state.settings.clock.now(),
  };
  return report(state, { ...session, subscription: changed }, 'statusChanged');
}
