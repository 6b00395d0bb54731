import type { Ids } from '../ids.js';
import type { SessionTerms } from '../state/session.js';
import type { Subscription, SubscriptionBill } from '../state/subscription.js';
import { frequencyOf, secondsOf } from '../wire/period.js';

/** What the customer just paid. */
interface FirstPayment {
  readonly terms: SessionTerms;
  readonly txHash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** The subscription that a session becomes: in its trial where there is one, else billed at once. */
export function beginSubscription(
  { uuid }: Ids,
  { terms, txHash, at }: FirstPayment,
): Subscription {
  const trialMs = terms.trialPeriod === undefined ? 0 : secondsOf(terms.trialPeriod) * 1000;
  const periodMs = secondsOf(frequencyOf(terms)) * 1000;
  if (trialMs > 0)
    return { status: 'trial', updatedAt: at, currentPeriodEnd: at + trialMs, billCount: 0 };
  const lastBill: SubscriptionBill = {
    uuid: `sub-hist@${uuid()}`,
    txHash,
    at,
    periodStart: at,
    periodEnd: at + periodMs,
  };
  return {
    status: 'active',
    updatedAt: at,
    currentPeriodEnd: lastBill.periodEnd,
    lastBill,
    billCount: 1,
  };
}
