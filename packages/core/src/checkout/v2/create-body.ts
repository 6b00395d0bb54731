import type { CheckoutTerms } from '../params.js';
import type { ReturnUrls } from '../return-urls.js';

/** What v2's create takes (protocol §1). Fields without a value are left out of the JSON. */
export function createBodyV2(terms: CheckoutTerms, urls: ReturnUrls): object {
  return {
    productUuid: terms.productUuid,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    reference: terms.reference,
    successUrl: urls.successUrl,
    cancelUrl: urls.cancelUrl,
    customerUuid: terms.customerUuid,
    customerReference: terms.customerReference,
    expiresInMinutes: terms.expiresInMinutes,
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}
