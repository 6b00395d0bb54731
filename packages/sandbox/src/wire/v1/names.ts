import type { Session } from '../../state/session.js';
import type { Subscription, SubscriptionBill } from '../../state/subscription.js';
import { cast, type JsonObject } from '../cast.js';
import { billV2 } from '../v2/bill.js';
import { paymentV2 } from '../v2/payment.js';
import { subscriptionV2 } from '../v2/subscription.js';

/** v1's names of v2's fields, where they differ. */
const NAMES: Readonly<Record<string, string>> = {
  txHash: 'transactionHash',
  customerUuid: 'customerUUID',
  subscriptionUuid: 'subscriptionUUID',
};

/** The payment that a completed session became, in v1's names. */
export function paymentV1(session: Session): JsonObject {
  return inV1(session, paymentV2(session));
}

/** A bill of a subscription, in v1's names. */
export function billV1(session: Session, bill: SubscriptionBill): JsonObject {
  return inV1(session, billV2(session, bill));
}

/** The subscription that a completed session became, in v1's names. */
export function subscriptionV1(session: Session, subscription: Subscription): JsonObject {
  return inV1(session, subscriptionV2(session, subscription));
}

/** v1 knows products by number. The sandbox's statuses are named alike by both generations. */
function inV1({ terms }: Session, { productUuid: _v2Only, ...fields }: JsonObject): JsonObject {
  const renamed = Object.entries(fields).map(([name, value]) => [NAMES[name] ?? name, value]);
  return { ...Object.fromEntries(renamed), productId: terms.productId ?? cast.productId };
}
