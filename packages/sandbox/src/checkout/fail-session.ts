import { publish } from '../delivery/publish.js';
import type { Machine } from '../machine.js';
import { rfc3339 } from '../rfc3339.js';
import type { Session } from '../state/session.js';
import { findOpenSession } from './find-session.js';

/** An attempt to pay fails. The session stays open: a failed attempt is never final. Throws unless it is open. */
export function failSession(machine: Machine, uuid: string): Session {
  const open = findOpenSession(machine, uuid);
  const { ids, settings } = machine;
  const failed: Session = {
    ...open,
    lastAttempt: {
      status: 'failed',
      code: 'insufficient_funds',
      message: 'the wallet does not hold enough for this payment',
      txHash: `0x${ids.hex(64)}`,
      at: rfc3339(settings.clock.now()),
    },
  };
  machine.sessions.save(failed);
  publish(machine, failed, 'failed');
  return failed;
}
