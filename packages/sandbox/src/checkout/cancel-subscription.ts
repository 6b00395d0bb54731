import { publish } from '../delivery/publish.js';
import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import { findRunningSubscription } from './find-transaction.js';

/** Cancels a subscription: no more bills; what is paid stays paid until its period ends. Throws unless it runs. */
export function cancelSubscription(machine: Machine, uuid: string): Session {
  const { session, subscription } = findRunningSubscription(machine, uuid);
  const at = machine.settings.clock.now();
  const cancelled: Session = {
    ...session,
    subscription: {
      ...subscription,
      status: 'cancelled',
      previousStatus: subscription.status,
      updatedAt: at,
      cancelledAt: at,
    },
  };
  machine.sessions.save(cancelled);
  publish(machine, cancelled, 'statusChanged');
  return cancelled;
}
