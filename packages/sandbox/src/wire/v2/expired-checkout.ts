import { rfc3339 } from '../../rfc3339.js';
import type { Session } from '../../state/session.js';
import { amountOf, feeLinesOf } from '../amount.js';
import { cast, type JsonObject } from '../cast.js';

/** The data of `checkout.expired`. */
export function expiredCheckoutV2(session: Session): JsonObject {
  const { terms } = session;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    productUuid: terms.productUuid,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    amount: amountOf(terms),
    fees: feeLinesOf(terms),
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    organizationName: cast.organizationName,
    userName: cast.userName,
    test: true,
    txType: terms.txType,
    availableCurrencyIds: [cast.currency.id],
    createdAt: rfc3339(session.createdAt),
    expiresAt: rfc3339(session.expiresAt),
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}
