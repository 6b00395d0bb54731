/** protocol §3: the fields that a Payment always has, in v2's names. */
const SETTLED =
  'uuid createdAt from to amount amountMinUnits currencyId currency txHash chain explorerUrl test name description ' +
  'productUuid customerUuid metadata confirmedAt paidMinUnits paidUsd';

export const PAYMENT_V2 = `${SETTLED} price fees note checkoutOpenedAt`.split(' ');

export const BILL_V2 = `${SETTLED} subscriptionUuid periodStart periodEnd`.split(' ');

/** A running subscription's that was billed; `reference` and the customer's are as the merchant gave them. */
export const SUBSCRIPTION_V2 = (
  'uuid createdAt updatedAt from to productUuid subscriptionHash currencyId currency frequency allowance status ' +
  'currentPeriodEnd priceUsd maxAmountPerPeriod lastBillingDate nextBillingDate test customerUuid'
).split(' ');

const V1_NAMES: Readonly<Record<string, string>> = {
  txHash: 'transactionHash',
  productUuid: 'productId',
  customerUuid: 'customerUUID',
  subscriptionUuid: 'subscriptionUUID',
};

/** The same fields in v1's names. */
export function inV1(fields: readonly string[]): string[] {
  return fields.map((field) => V1_NAMES[field] ?? field);
}
