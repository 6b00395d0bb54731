import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import type { SubscriptionBill } from '../../state/subscription.js';
import type { JsonObject } from '../cast.js';
import { settledFacts } from '../settled-facts.js';

/** A bill of a subscription, in v2's names. */
export function billV2({ uuid, terms, customerUuid }: Session, bill: SubscriptionBill): JsonObject {
  const { txHash, at, periodStart, periodEnd } = bill;
  return {
    uuid: bill.uuid,
    ...settledFacts(terms, { txHash, at, customerUuid }),
    subscriptionUuid: uuid,
    periodStart: rfc3339(periodStart),
    periodEnd: rfc3339(periodEnd),
  };
}
