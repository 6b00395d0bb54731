import type { Session } from '../../state/session.js';
import type { Subscription, SubscriptionBill } from '../../state/subscription.js';
import { cast, type JsonObject } from '../cast.js';
import { frequencyOf, secondsOf } from '../period.js';
import { metadataV1 } from '../settled-facts.js';
import { billV2 } from '../v2/bill.js';
import { paymentV2 } from '../v2/payment.js';
import { subscriptionV2 } from '../v2/subscription.js';

/** v1's names of v2's fields, where they differ. */
const NAMES: Readonly<Record<string, string>> = {
  txHash: 'transactionHash',
  customerUuid: 'customerUUID',
  subscriptionUuid: 'subscriptionUUID',
  status: 'subscriptionStatus',
};

/** What v1 does not say (protocol §6, "v1 reads"). */
const NOT_IN_V1: ReadonlySet<string> = new Set([
  'productUuid',
  'currentPeriodEnd',
  'priceUsd',
  'maxAmountPerPeriod',
  'chain',
  'explorerUrl',
  'confirmedAt',
  'paidMinUnits',
  'paidUsd',
  'fees',
  'note',
  'periodStart',
  'periodEnd',
]);

/** The payment that a completed session became, as v1 has it. */
export function paymentV1(session: Session): JsonObject {
  const metadata = metadataV1(session.terms.price, session.completedAt ?? session.createdAt);
  return { ...inV1(session, paymentV2(session)), metadata };
}

/** A bill of a subscription, as v1 has it. */
export function billV1(session: Session, bill: SubscriptionBill): JsonObject {
  const metadata = metadataV1(session.terms.price, bill.at);
  return { ...inV1(session, billV2(session, bill)), metadata };
}

/** The subscription that a completed session became, as v1 has it: the frequency in seconds. */
export function subscriptionV1(session: Session, subscription: Subscription): JsonObject {
  return {
    ...inV1(session, subscriptionV2(session, subscription)),
    frequency: secondsOf(frequencyOf(session.terms)),
    stopped: false,
  };
}

/** v1 knows products, organizations and users by number. The sandbox's statuses are named alike by both generations. */
function inV1({ terms }: Session, fields: JsonObject): JsonObject {
  const kept = Object.entries(fields).filter(([name]) => !NOT_IN_V1.has(name));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [NAMES[name] ?? name, value])),
    productId: terms.productId ?? cast.productId,
    organizationId: cast.organizationId,
    userId: cast.userId,
  };
}
