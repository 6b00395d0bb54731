import { rfc3339 } from '../../rfc3339.js';
import type { Session, SessionPeriod } from '../../state/session.js';
import { cast, minUnits, type JsonObject } from '../cast.js';
import { secondsOf } from '../period.js';
import { settledFacts } from './transaction.js';

const MONTHLY: SessionPeriod = { value: 1, unit: 'months' };

/** `trial` as long as nothing was billed, else `active`. */
export function statusOfSubscription(session: Session): 'trial' | 'active' {
  return session.billUuid === undefined ? 'trial' : 'active';
}

/** Where the period that runs now ends: ms since 1970. */
export function periodEnd(session: Session): number {
  const { frequency = MONTHLY, trialPeriod } = session.terms;
  const running = session.billUuid === undefined ? (trialPeriod ?? frequency) : frequency;
  return (session.completedAt ?? session.createdAt) + secondsOf(running) * 1000;
}

/** The subscription that a completed session became, in v2's names. */
export function subscriptionV2(session: Session): JsonObject {
  const { terms } = session;
  const since = rfc3339(session.completedAt ?? session.createdAt);
  return {
    uuid: session.uuid,
    reference: terms.reference,
    createdAt: since,
    updatedAt: since,
    from: cast.customerWallet,
    to: cast.merchantWallet,
    productUuid: terms.productUuid,
    subscriptionHash: session.txHash,
    currencyId: cast.currency.id,
    currency: cast.currency,
    frequency: terms.frequency ?? MONTHLY,
    allowance: minUnits(terms.price * 12),
    status: statusOfSubscription(session),
    currentPeriodEnd: rfc3339(periodEnd(session)),
    priceUsd: String(terms.price),
    lastBillingDate: session.billUuid === undefined ? undefined : since,
    nextBillingDate: rfc3339(periodEnd(session)),
    test: true,
    customerUuid: session.customerUuid,
    customerReference: terms.customerReference,
  };
}

/** The first bill of a subscription, in v2's names, as `subscription.billed` carries it. */
export function billV2(session: Session): JsonObject {
  return {
    uuid: session.billUuid,
    ...settledFacts(session),
    subscriptionUuid: session.uuid,
    periodStart: rfc3339(session.completedAt ?? session.createdAt),
    periodEnd: rfc3339(periodEnd(session)),
    subscriptionReference: session.terms.reference,
    subscriptionStatus: statusOfSubscription(session),
  };
}
