import type { SandboxState } from '../state/sandbox-state.js';
import type { Session } from '../state/sessions.js';
import { findSession } from './find-session.js';
import { expireSession, failSession, paySession } from './session-lifecycle.js';
import { billSubscription, cancelSubscription } from './subscriptions.js';

/** What came of something a customer did. */
export interface CustomerOutcome {
  readonly session: Session;
  /** Where the customer is sent now: the merchant's success or cancel URL, filled in. */
  readonly redirectUrl?: string | undefined;
}

/** What a customer can do with a session and its subscription. All throw for an unknown one, and for one that is over. */
export const customerActions = {
  /** Pays. A second time, nothing more happens: the customer is sent back all the same. */
  pay(state: SandboxState, uuid: string): CustomerOutcome {
    const found = findSession(state, uuid);
    const paid = found.status === 'completed' || found.status === 'waitingConfirmation';
    const session = paid ? found : paySession(state, uuid);
    return { session, redirectUrl: successUrlOf(session) };
  },
  /** Tries to pay, in vain; the session stays open. */
  fail(state: SandboxState, uuid: string): CustomerOutcome {
    return { session: failSession(state, uuid) };
  },
  /** Goes back to the shop unpaid; the session stays open. */
  abandon(state: SandboxState, uuid: string): CustomerOutcome {
    const session = findSession(state, uuid);
    return { session, redirectUrl: cancelUrlOf(session) };
  },
  /** Waits until it is too late. */
  expire(state: SandboxState, uuid: string): CustomerOutcome {
    return { session: expireSession(state, uuid) };
  },
  /** Has used a subscription for another period, which is billed. */
  bill(state: SandboxState, uuid: string): CustomerOutcome {
    return { session: billSubscription(state, uuid) };
  },
  /** Wants the subscription no more. */
  cancel(state: SandboxState, uuid: string): CustomerOutcome {
    return { session: cancelSubscription(state, uuid) };
  },
} as const satisfies Record<string, (state: SandboxState, uuid: string) => CustomerOutcome>;

/** The names of the actions, as they stand in URLs. */
export type CustomerAction = keyof typeof customerActions;

/** Every action's name. */
export const customerActionNames: readonly CustomerAction[] = [
  'pay',
  'fail',
  'abandon',
  'expire',
  'bill',
  'cancel',
];

/**
 * A merchant's success or cancel URL with its placeholders filled in, percent-encoded as query values.
 * Braces that the merchant's client encoded are left alone, as QBitFlow leaves them.
 */
function fillPlaceholders(template: string, { uuid, terms }: Session): string {
  return template
    .replaceAll('{{UUID}}', () => encodeURIComponent(uuid))
    .replaceAll('{{TRANSACTION_TYPE}}', () => encodeURIComponent(terms.placeholderType));
}

/** Where a customer who has paid is sent, if the merchant said. */
function successUrlOf(session: Session): string | undefined {
  const { successUrl } = session.terms;
  return successUrl === undefined ? undefined : fillPlaceholders(successUrl, session);
}

/** Where a customer who gives up is sent, if the merchant said. */
function cancelUrlOf(session: Session): string | undefined {
  const { cancelUrl } = session.terms;
  return cancelUrl === undefined ? undefined : fillPlaceholders(cancelUrl, session);
}
