import { publish } from '../delivery/publish.js';
import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import { findOpenSession } from './find-session.js';

/** Ends an unpaid session. Throws when it is paid, being paid or has expired already. */
export function expireSession(machine: Machine, uuid: string): Session {
  const open = findOpenSession(machine, uuid);
  const { clock } = machine.settings;
  const expired: Session = {
    ...open,
    status: 'expired',
    expiresAt: Math.min(open.expiresAt, clock.now()),
  };
  machine.sessions.save(expired);
  publish(machine, expired, 'expired');
  return expired;
}
