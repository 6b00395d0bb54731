import type { CheckoutTerms } from '../params.js';
import type { ReturnUrls } from '../return-urls.js';

/** What v1's create takes (protocol §1). Fields without a value are left out of the JSON. */
export function createBodyV1(terms: CheckoutTerms, urls: ReturnUrls): object {
  return {
    productId: terms.productId,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    reference: terms.reference,
    successUrl: urls.successUrl,
    cancelUrl: urls.cancelUrl,
    customerUUID: terms.customerUuid,
    customerReference: terms.customerReference,
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}
