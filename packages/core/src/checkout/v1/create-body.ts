import type { CheckoutTerms } from '../params.js';

/** What v1's create takes. Fields without a value are left out of the JSON. */
export function createBodyV1(terms: CheckoutTerms): object {
  return {
    productId: terms.productId,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    reference: terms.reference,
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    customerUUID: terms.customerUuid,
    customerReference: terms.customerReference,
    frequency: terms.frequency,
    // v1 knows no other way to say that there is none.
    trialPeriod: terms.trialPeriod?.value === 0 ? undefined : terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}
