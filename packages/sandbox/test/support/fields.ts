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
  status: 'subscriptionStatus',
};

/** protocol §6, "v1 reads". */
const NOT_IN_V1 =
  'currentPeriodEnd priceUsd maxAmountPerPeriod chain explorerUrl confirmedAt paidMinUnits paidUsd fees note ' +
  'periodStart periodEnd';

/** The same fields in v1's names, with those that v1 has besides. */
export function inV1(fields: readonly string[], ...besides: readonly string[]): string[] {
  const unknown = new Set(NOT_IN_V1.split(' '));
  const kept = fields.filter((field) => !unknown.has(field));
  return [...kept.map((field) => V1_NAMES[field] ?? field), 'organizationId', 'userId', ...besides];
}
