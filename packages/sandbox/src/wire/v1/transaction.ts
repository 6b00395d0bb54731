import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import { cast, minUnits, type JsonObject } from '../cast.js';
import { periodEnd, subscriptionV2 } from '../v2/subscription.js';

/** What a payment and a bill have in common, in v1's names. */
function settledFacts(session: Session): JsonObject {
  const { terms } = session;
  return {
    createdAt: rfc3339(session.completedAt ?? session.createdAt),
    from: cast.customerWallet,
    to: cast.merchantWallet,
    amount: terms.price,
    amountMinUnits: minUnits(terms.price),
    currencyId: cast.currency.id,
    currency: cast.currency,
    transactionHash: session.txHash,
    test: true,
    name: terms.productName,
    description: terms.description,
    productId: terms.productId,
    customerUUID: session.customerUuid,
  };
}

/** The payment that a completed session became, in v1's names. */
export function paymentV1(session: Session): JsonObject {
  return {
    uuid: session.uuid,
    ...settledFacts(session),
    reference: session.terms.reference,
    price: session.terms.price,
  };
}

/** The first bill of a subscription, in v1's names. */
export function billV1(session: Session): JsonObject {
  return {
    uuid: session.billUuid,
    ...settledFacts(session),
    subscriptionUUID: session.uuid,
    periodEnd: rfc3339(periodEnd(session)),
  };
}

/** The subscription that a completed session became, in v1's names. */
export function subscriptionV1(session: Session): JsonObject {
  const { productUuid: _v2Only, customerUuid, ...shared } = subscriptionV2(session);
  return { ...shared, productId: session.terms.productId, customerUUID: customerUuid };
}
