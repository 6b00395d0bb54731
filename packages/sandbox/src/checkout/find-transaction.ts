import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import type { Subscription } from '../state/subscription.js';
import { CheckoutError } from './checkout-error.js';
import { findSession } from './find-session.js';

/** A completed subscription session and what it became. */
interface Subscribed {
  readonly session: Session;
  readonly subscription: Subscription;
}

/** The completed payment of an id. Throws as unknown before its completion. */
export function findPayment(machine: Machine, uuid: string): Session {
  const session = findSession(machine, uuid);
  if (session.terms.kind === 'payment' && session.status === 'completed') return session;
  throw new CheckoutError('unknown', `there is no payment ${JSON.stringify(uuid)}`);
}

/** The subscription of an id, cancelled or not. Throws as unknown before its session's completion. */
export function findSubscription(machine: Machine, uuid: string): Subscribed {
  const session = findSession(machine, uuid);
  const { subscription } = session;
  if (subscription !== undefined) return { session, subscription };
  throw new CheckoutError('unknown', `there is no subscription ${JSON.stringify(uuid)}`);
}

/** The same, and not cancelled. */
export function findRunningSubscription(machine: Machine, uuid: string): Subscribed {
  const found = findSubscription(machine, uuid);
  if (found.subscription.status !== 'cancelled') return found;
  throw new CheckoutError('not_possible', 'the subscription is cancelled');
}
