import type { CheckoutTerms, FeeTerms } from '../params.js';

/** What v2's create takes. Fields without a value are left out of the JSON. */
export function createBodyV2(terms: CheckoutTerms): object {
  return {
    productUuid: terms.productUuid,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    fees: feesOf(terms.fees),
    reference: terms.reference,
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    customerUuid: terms.customerUuid,
    customerReference: terms.customerReference,
    expiresInMinutes: terms.expiresInMinutes,
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}

/** No fees said in two ways are the same terms. */
function feesOf({ processingFee, items = [] }: FeeTerms = {}): object | undefined {
  if (processingFee === undefined && items.length === 0) return undefined;
  return { processingFee, items: items.length === 0 ? undefined : items };
}
