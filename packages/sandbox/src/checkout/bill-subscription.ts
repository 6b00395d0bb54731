import { publish } from '../delivery/publish.js';
import type { Machine } from '../machine.js';
import type { Session } from '../state/session.js';
import type { SubscriptionBill } from '../state/subscription.js';
import { frequencyOf, secondsOf } from '../wire/period.js';
import { findRunningSubscription } from './find-transaction.js';

/** Bills a subscription for its next period, which ends its trial. Throws unless it runs. */
export function billSubscription(machine: Machine, uuid: string): Session {
  const { session, subscription } = findRunningSubscription(machine, uuid);
  const { ids, sessions, settings } = machine;
  const at = settings.clock.now();
  const { status, currentPeriodEnd: periodStart } = subscription;
  const lastBill: SubscriptionBill = {
    uuid: `sub-hist@${ids.uuid()}`,
    txHash: `0x${ids.hex(64)}`,
    at,
    periodStart,
    periodEnd: periodStart + secondsOf(frequencyOf(session.terms)) * 1000,
  };
  const endsTrial = status === 'trial';
  const billed: Session = {
    ...session,
    subscription: {
      ...subscription,
      status: 'active',
      ...(endsTrial ? { previousStatus: status } : {}),
      updatedAt: at,
      currentPeriodEnd: lastBill.periodEnd,
      lastBill,
      billCount: subscription.billCount + 1,
    },
  };
  sessions.save(billed);
  if (endsTrial) publish(machine, billed, 'statusChanged', 'billed');
  else publish(machine, billed, 'billed');
  return billed;
}
