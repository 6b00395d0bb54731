import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import { CheckoutError } from './checkout-error.js';

/** The session of an id, bare or prefixed. Throws when there is none. */
export function findSession({ sessions }: Machine, uuid: string): Session {
  const session = sessions.find(uuid);
  if (session !== undefined) return session;
  throw new CheckoutError('unknown', `there is no checkout session ${JSON.stringify(uuid)}`);
}

/** The same, and still to be paid. Throws when it is paid, being paid or expired. */
export function findOpenSession(machine: Machine, uuid: string): Session {
  const session = findSession(machine, uuid);
  if (session.status === 'created') return session;
  if (session.status === 'expired')
    throw new CheckoutError('expired', 'the checkout session has expired');
  throw new CheckoutError('already_sent', 'the transaction of this session has been sent already');
}
