import type { CancelTimer } from '@qbitflow/core';
import { BoundedMap } from '../state/registry.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, Subscription } from '../state/sessions.js';
import { DAY_MS } from '../time.js';
import { collectDueBill } from './dunning.js';
import { completeSession, expireSession, settleSession } from './session-lifecycle.js';
import { announceBill, cancelSubscription, periodMsOf } from './subscriptions.js';

/** The shortest period that is billed by the calendar, as in QBitFlow's test mode: v1 takes seconds, which would flood a shop. */
const SHORTEST_PERIOD_MS = 300_000;
/** How long before it is due a bill is announced, or half a period where that is shorter. */
const NOTICE_MS = 3 * DAY_MS;
/** How long a trial that ended without a bill can still be converted. */
const TRIAL_GRACE_MS = 7 * DAY_MS;

/** What happens by itself. */
interface Due {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly run: () => void;
}

/**
 * Makes happen by itself what does: a session expires, a payment is confirmed, a bill announced, collected, tried again
 * or given up. What is due next follows from how a session stands, so it is worked out anew at each of its changes.
 */
export function keepCalendar(state: SandboxState): void {
  const { clock, keep } = state.settings;
  // Bounded like the sessions themselves: one that is forgotten has nothing due.
  const timers = new BoundedMap<CancelTimer>(keep, (cancel) => {
    cancel();
  });

  function arm(session: Session): void {
    timers.get(session.uuid)?.();
    const due = state.closing.signal.aborted ? undefined : dueOf(state, session);
    const cancel =
      due &&
      clock.after(due.at - clock.now(), () => {
        happen(session);
      });
    timers.set(session.uuid, cancel ?? (() => undefined));
  }

  function happen(session: Session): void {
    const due = dueOf(state, session);
    // A machine's clock that was put back comes here too early.
    if (due !== undefined && due.at > clock.now()) arm(session);
    else runDue(state, due);
  }

  state.sessions.onChange(arm);
  state.closing.signal.addEventListener('abort', () => {
    for (const cancel of timers.values()) cancel();
  });
}

/** It was not asked for, so a failure has only the log to go to. */
function runDue({ log }: SandboxState, due: Due | undefined): void {
  try {
    due?.run();
  } catch (err) {
    log('due_failed', { err });
  }
}

/** What happens next to a session by itself. */
function dueOf(state: SandboxState, session: Session): Due | undefined {
  const { uuid, status, expiresAt, subscription } = session;
  if (status === 'created') return { at: expiresAt, run: () => expireSession(state, uuid) };
  if (status === 'waitingConfirmation') return confirmationOf(state, session);
  return subscription && dueOfSubscription(state, session, subscription);
}

function confirmationOf(state: SandboxState, session: Session): Due {
  const { sentAt = session.createdAt, settling } = session;
  const { confirmationMs } = state.settings;
  if (settling === true)
    return { at: sentAt + confirmationMs, run: () => completeSession(state, session) };
  return {
    at: sentAt + Math.ceil(confirmationMs / 2),
    run: () => {
      settleSession(state, session);
    },
  };
}

/** Of a subscription that is paused, stopped or cancelled nothing is due. */
function dueOfSubscription(
  state: SandboxState,
  session: Session,
  subscription: Subscription,
): Due | undefined {
  const { uuid } = session;
  const { status, updatedAt, trialExpiredAt = updatedAt, failedBill } = subscription;
  if (status === 'trial' || status === 'active') return nextBillOf(state, session, subscription);
  if (status === 'trialExpired')
    return {
      at: trialExpiredAt + TRIAL_GRACE_MS,
      run: () => cancelSubscription(state, uuid, 'trialNotConverted'),
    };
  const retryAt = status === 'pastDue' ? failedBill?.nextAttemptAt : undefined;
  return retryAt === undefined
    ? undefined
    : { at: retryAt, run: () => collectDueBill(state, uuid) };
}

/** The bill at the end of the period, and before it the notice of it. */
function nextBillOf(
  state: SandboxState,
  session: Session,
  { currentPeriodEnd, lastBill, announcedFor }: Subscription,
): Due | undefined {
  const { uuid, terms, completedAt = session.createdAt } = session;
  if (periodMsOf(terms) < SHORTEST_PERIOD_MS) return undefined;
  const bill: Due = { at: currentPeriodEnd, run: () => collectDueBill(state, uuid) };
  const isLate = state.settings.clock.now() >= currentPeriodEnd;
  if (isLate || announcedFor === currentPeriodEnd) return bill;
  const lengthMs = currentPeriodEnd - (lastBill?.periodStart ?? completedAt);
  const at = currentPeriodEnd - Math.min(NOTICE_MS, Math.floor(lengthMs / 2));
  return { at, run: () => announceBill(state, uuid) };
}
