import { CheckoutError } from '../checkout/checkout-error.js';
import { findSession } from '../checkout/find-session.js';
import type { Machine } from '../machine.js';
import type { Session, SessionKind } from '../state/session.js';

/** The completed payment or subscription of an id. Throws as unknown before its completion. */
export function findTransaction(machine: Machine, kind: SessionKind, uuid: string): Session {
  const session = findSession(machine, uuid);
  if (session.terms.kind === kind && session.status === 'completed') return session;
  throw new CheckoutError('unknown', `there is no ${kind} ${JSON.stringify(uuid)}`);
}
