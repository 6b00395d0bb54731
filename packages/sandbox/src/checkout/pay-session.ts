import { publish } from '../delivery/publish.js';
import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import { findOpenSession } from './find-session.js';

/** Pays a session. It completes at once, or after `confirmationMs` as `waitingConfirmation`. Throws unless it is open. */
export function paySession(machine: Machine, uuid: string): Session {
  const open = findOpenSession(machine, uuid);
  const { ids, sessions, settings, timers } = machine;
  const sent: Session = {
    ...open,
    status: 'waitingConfirmation',
    txHash: `0x${ids.hex(64)}`,
    customerUuid: open.customerUuid ?? ids.uuid(),
  };
  if (settings.confirmationMs === 0) return complete(machine, sent);
  sessions.save(sent);
  timers.after(settings.confirmationMs, () => {
    complete(machine, sent);
  });
  return sent;
}

function complete(machine: Machine, sent: Session): Session {
  const { ids, settings } = machine;
  const { kind, trialPeriod } = sent.terms;
  const billed = kind === 'subscription' && trialPeriod === undefined;
  const completed: Session = {
    ...sent,
    status: 'completed',
    completedAt: settings.clock.now(),
    ...(billed ? { billUuid: `sub-hist@${ids.uuid()}` } : {}),
  };
  machine.sessions.save(completed);
  publish(machine, completed, 'completed');
  return completed;
}
