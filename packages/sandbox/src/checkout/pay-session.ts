import { publish } from '../delivery/publish.js';
import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import { beginSubscription } from './begin-subscription.js';
import { findOpenSession } from './find-session.js';

/** Pays a session. It completes at once, or after `confirmationMs` as `waitingConfirmation`. Throws unless it is open. */
export function paySession(machine: Machine, uuid: string): Session {
  const open = findOpenSession(machine, uuid);
  const { ids, settings } = machine;
  const sent: SentSession = {
    ...open,
    status: 'waitingConfirmation',
    txHash: `0x${ids.hex(64)}`,
    customerUuid: open.customerUuid ?? ids.uuid(),
  };
  return settings.confirmationMs === 0 ? complete(machine, sent) : confirm(machine, sent);
}

type SentSession = Session & { readonly txHash: string };

/** The hash is there from the start; v1 has a word of its own, `pending`, for the second half. */
function confirm(machine: Machine, sent: SentSession): Session {
  const { sessions, timers, settings } = machine;
  sessions.save(sent);
  timers.after(Math.ceil(settings.confirmationMs / 2), () => {
    sessions.save({ ...sent, settling: true });
  });
  timers.after(settings.confirmationMs, () => {
    complete(machine, sent);
  });
  return sent;
}

function complete(machine: Machine, sent: SentSession): Session {
  const { terms, txHash } = sent;
  const at = machine.settings.clock.now();
  const completed: Session = { ...sent, status: 'completed', completedAt: at };
  if (terms.kind === 'payment') {
    machine.sessions.save(completed);
    publish(machine, completed, 'completed');
    return completed;
  }
  const subscription = beginSubscription(machine.ids, { terms, txHash, at });
  const subscribed: Session = { ...completed, subscription };
  machine.sessions.save(subscribed);
  if (subscription.lastBill === undefined) publish(machine, subscribed, 'completed');
  else publish(machine, subscribed, 'completed', 'billed');
  return subscribed;
}
