import { CheckoutError } from '../errors.js';
import type { SandboxState } from '../state/sandbox-state.js';
import type { Session, Subscription, SubscriptionStatus } from '../state/sessions.js';

/** The session of an id, bare or prefixed. Throws when there is none. */
export function findSession({ sessions }: SandboxState, uuid: string): Session {
  const session = sessions.find(uuid);
  if (session !== undefined) return session;
  throw unknownSession(uuid);
}

/** How long a session that expired is told of: v2 forgets it "some days later", in ms. */
const EXPIRED_SHOWN_MS = 7 * 86_400_000;

/** The same, as v2 has it: unknown a week after it expired. */
export function findRememberedSession(state: SandboxState, uuid: string): Session {
  const session = findSession(state, uuid);
  const forgottenAt = session.expiresAt + EXPIRED_SHOWN_MS;
  if (session.status !== 'expired' || state.settings.clock.now() < forgottenAt) return session;
  throw unknownSession(uuid);
}

function unknownSession(uuid: string): CheckoutError {
  return new CheckoutError('unknown', `there is no checkout session ${JSON.stringify(uuid)}`);
}

/** The same, and still to be paid. Throws when it is paid, being paid or expired. */
export function findOpenSession(state: SandboxState, uuid: string): Session {
  const session = findSession(state, uuid);
  if (session.status === 'created') return session;
  if (session.status === 'expired')
    throw new CheckoutError('expired', 'the checkout session has expired');
  throw new CheckoutError('already_sent', 'the transaction of this session has been sent already');
}

/** A completed subscription session and what it became. */
interface Subscribed {
  readonly session: Session;
  readonly subscription: Subscription;
}

/** The completed payment of an id. Throws as unknown before its completion. */
export function findPayment(state: SandboxState, uuid: string): Session {
  const session = findSession(state, uuid);
  if (session.terms.kind === 'payment' && session.status === 'completed') return session;
  throw new CheckoutError('unknown', `there is no payment ${JSON.stringify(uuid)}`);
}

/** The subscription of an id, cancelled or not. Throws as unknown before its session's completion. */
export function findSubscription(state: SandboxState, uuid: string): Subscribed {
  const session = findSession(state, uuid);
  const { subscription } = session;
  if (subscription !== undefined) return { session, subscription };
  throw new CheckoutError('unknown', `there is no subscription ${JSON.stringify(uuid)}`);
}

/** The same, in one of some statuses. Throws where it is in another, naming both. */
export function findSubscriptionThatIs(
  state: SandboxState,
  uuid: string,
  statuses: readonly SubscriptionStatus[],
): Subscribed {
  const found = findSubscription(state, uuid);
  const { status } = found.subscription;
  if (statuses.includes(status)) return found;
  throw new CheckoutError(
    'not_possible',
    `the subscription is ${status}: this can be done while it is ${statuses.join(' or ')}`,
  );
}
