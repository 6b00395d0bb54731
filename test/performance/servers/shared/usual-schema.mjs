// The event union as a merchant would write it with zod: v2 only, unknown fields kept.
import { z } from 'zod';

const text = z.string().nullish();
const number = z.number().nullish();
const flag = z.boolean().nullish();
const time = z.iso.datetime({ offset: true }).nullish();
const duration = z.looseObject({ value: z.number(), unit: z.string() });
const address = z.string().regex(/^0x[0-9a-f]{40}$/i);
const minUnits = z.string().regex(/^\d+$/);
const currencyFacts = {
  id: z.number(),
  name: z.string(),
  symbol: z.string(),
  decimals: z.number(),
  address: text,
  mainCurrencyId: number,
  test: flag,
};
const currency = z
  .looseObject({ ...currencyFacts, mainCurrency: z.looseObject(currencyFacts).nullish() })
  .nullish();
const split = (amount) =>
  z.looseObject({
    platform: amount,
    organization: amount.nullish(),
    referral: amount.nullish(),
    merchant: amount,
    networkFee: amount.nullish(),
  });
const txMetadata = z.looseObject({
  networkFees: z.looseObject({ amount: z.string(), unitsConsumed: number, l1Fee: text }),
  blockData: z.looseObject({ number: z.string(), timestamp: z.number() }),
  mainCurrencyPriceUsd: number,
});
const metadata = z
  .looseObject({
    feePercent: z.number(),
    organizationFee: z.looseObject({ organization: text, feePercent: number }).nullish(),
    referralFee: z.looseObject({ referrer: text, feePercent: number, deadline: time }).nullish(),
    txMetadata,
    txAmounts: z.looseObject({ usd: split(z.number()), minUnits: split(minUnits) }),
  })
  .nullish();

const transfer = {
  uuid: z.string(),
  createdAt: time,
  from: address,
  to: address,
  amount: z.number(),
  amountMinUnits: minUnits,
  currencyId: z.number(),
  currency,
  txHash: z.string(),
  chain: text,
  explorerUrl: z.url().nullish(),
  test: z.boolean(),
  userUuid: text,
  metadata,
};
const bought = {
  ...transfer,
  name: z.string(),
  description: text,
  productUuid: text,
  customerUuid: text,
  customerReference: text,
  confirmedAt: time,
  paidMinUnits: minUnits.nullish(),
  paidUsd: number,
  managementPageLink: z.url().nullish(),
};
const fee = z.looseObject({
  type: z.string(),
  label: z.string(),
  description: text,
  amountUsd: z.string(),
});
const payment = z.looseObject({
  ...bought,
  reference: text,
  note: text,
  price: z.number(),
  fees: z.array(fee),
  checkoutOpenedAt: time,
});
const bill = z.looseObject({
  ...bought,
  subscriptionUuid: z.string(),
  subscriptionStatus: text,
  periodStart: time,
  periodEnd: time,
});
const subscription = z.looseObject({
  uuid: z.string(),
  reference: text,
  createdAt: time,
  updatedAt: time,
  from: address,
  to: address,
  productUuid: text,
  currency,
  frequency: duration,
  allowance: z.string(),
  status: z.string(),
  currentPeriodEnd: time,
  priceUsd: z.string(),
  nextBillingDate: time,
});
const refund = z.looseObject({
  uuid: z.string(),
  txUuid: z.string(),
  reason: text,
  status: z.string(),
  createdAt: time,
  amountMinUnits: minUnits,
  amountUsd: number,
  metadata: txMetadata.nullish(),
});
const member = z.looseObject({ userUuid: z.string(), name: text, lastName: text, email: text });

const event = (type, data) =>
  z.looseObject({
    id: z.string(),
    type: z.literal(type),
    version: z.literal('v2'),
    createdAt: z.iso.datetime({ offset: true }),
    test: z.boolean(),
    userUuid: z.string().optional(),
    data,
  });

export const WebhookEvent = z.discriminatedUnion('type', [
  event('payment.completed', payment),
  event('subscription.created', subscription),
  event('subscription.billed', bill),
  event('subscription.statusChanged', subscription),
  event('subscription.actionRequiredChanged', subscription),
  event('subscription.billingFailed', subscription),
  event('subscription.upcomingBill', subscription),
  event('refund.requested', refund),
  event('refund.completed', refund),
  event('refund.denied', refund),
  event('member.joined', member),
  event('member.removed', member),
  event('heldFunds.released', z.looseObject(transfer)),
  event('checkout.expired', z.looseObject({ uuid: z.string(), txType: text, price: number })),
  event('webhook.test', z.looseObject({ endpointUuid: text, message: text })),
]);
