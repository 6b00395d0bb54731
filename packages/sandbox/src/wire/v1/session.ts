import type { Session } from '../../state/session.js';
import { cast, type JsonObject } from '../cast.js';
import { secondsOf } from '../period.js';

/** A session as v1 shows it, and puts into its transaction webhooks. Unset fields are left out. */
export function sessionV1(session: Session): JsonObject {
  const { terms } = session;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    productId: terms.productId,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    organizationId: cast.organizationId,
    organizationName: cast.organizationName,
    feeBps: 150,
    organizationFeeBps: 0,
    userId: cast.userId,
    userName: cast.userName,
    test: true,
    customerUUID: session.customerUuid ?? null,
    customerReference: terms.customerReference,
    txType: terms.txType,
    availableCurrencies: terms.legacy ? [cast.currency] : [cast.currency.id],
    frequency: terms.frequency && secondsOf(terms.frequency),
    trialPeriod: terms.trialPeriod && secondsOf(terms.trialPeriod),
    minPeriods: terms.minPeriods,
  };
}
