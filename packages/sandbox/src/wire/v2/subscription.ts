import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import type { Subscription } from '../../state/subscription.js';
import { cast, minUnits, type JsonObject } from '../cast.js';
import { frequencyOf, secondsOf } from '../period.js';

/** How many periods' price the customer allows to be taken. */
const ALLOWED_PERIODS = 12;

/** The subscription that a completed session became, in v2's names. */
export function subscriptionV2(session: Session, subscription: Subscription): JsonObject {
  const { terms } = session;
  const { status, updatedAt, currentPeriodEnd, lastBill, cancelledAt } = subscription;
  const since = session.completedAt ?? session.createdAt;
  const cancelled = cancelledAt !== undefined;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    createdAt: rfc3339(since),
    updatedAt: rfc3339(updatedAt),
    from: cast.customerWallet,
    to: cast.merchantWallet,
    productUuid: terms.productUuid ?? cast.productUuid,
    subscriptionHash: session.txHash,
    currencyId: cast.currency.id,
    currency: cast.currency,
    frequency: frequencyOf(terms),
    allowance: minUnits(terms.price * ALLOWED_PERIODS),
    status,
    currentPeriodEnd: rfc3339(currentPeriodEnd),
    priceUsd: String(terms.price),
    maxAmountPerPeriod: minUnits(terms.price),
    lastBillingDate: lastBill && rfc3339(lastBill.at),
    nextBillingDate: cancelled ? undefined : rfc3339(currentPeriodEnd),
    cancelledAt: cancelledAt && rfc3339(cancelledAt),
    cancellationReason: cancelled ? 'cancelled in the sandbox' : undefined,
    minimumCancellationDate:
      terms.minPeriods && rfc3339(since + terms.minPeriods * secondsOf(frequencyOf(terms)) * 1000),
    test: true,
    customerUuid: session.customerUuid,
    customerReference: terms.customerReference,
  };
}
