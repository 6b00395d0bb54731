import { z } from 'zod';
import {
  billId,
  blockData,
  bps,
  count,
  currency,
  flag,
  minUnits,
  networkFees,
  paymentId,
  sameUsd,
  seconds,
  subscriptionId,
  sumOf,
  text,
  time,
  transactionId,
  txAmounts,
  unixSeconds,
  url,
  usd,
  uuid,
  words,
} from './fields.js';

// protocol §1 to §3 and §6, "v1 sessions" and "v1 reads": all that v1 answers and sends.

export const created = z.strictObject({
  uuid: transactionId,
  link: url,
  expiresAt: unixSeconds.optional(),
});

const number = z.int().positive();

const sessionFields = {
  uuid: transactionId,
  reference: words.optional(),
  productId: number.optional(),
  productReference: words.optional(),
  productName: z.string().min(2).max(100),
  description: words.optional(),
  price: usd,
  successUrl: words.optional(),
  cancelUrl: words.optional(),
  organizationId: number,
  organizationName: words,
  feeBps: bps,
  organizationFeeBps: bps,
  userId: number,
  userName: words,
  test: flag,
  customerUUID: words.nullable(),
  customerReference: words.optional(),
};

export const paymentSession = z.strictObject({
  ...sessionFields,
  uuid: paymentId,
  txType: z.literal('payment'),
  availableCurrencies: z.array(number).min(1),
});

export const subscriptionSession = z.strictObject({
  ...sessionFields,
  uuid: subscriptionId,
  txType: z.literal('createSubscription'),
  availableCurrencies: z.array(number).min(1),
  frequency: seconds,
  trialPeriod: seconds.optional(),
  minPeriods: count.optional(),
  upgradingFromTrial: flag.optional(),
});

/** SDK 1.x's servers list whole currencies. */
const legacyFields = { ...sessionFields, availableCurrencies: z.array(currency).min(1) };

export const legacyPaymentSession = z.strictObject({
  ...legacyFields,
  uuid: paymentId,
  txType: z.literal('payment'),
});

/** SDK 1.x reads a subscription's terms under `options`. */
export const legacySubscriptionSession = z.strictObject({
  ...legacyFields,
  uuid: subscriptionId,
  txType: z.enum(['createSubscription', 'createPAYGSubscription']),
  options: z.strictObject({
    frequency: seconds,
    subscriptionType: z.enum(['subscription', 'payAsYouGo']),
    trialPeriod: seconds.optional(),
    freeCredits: usd.optional(),
    minPeriods: count.optional(),
  }),
});

const statusNames = z.enum([
  'created',
  'waitingConfirmation',
  'pending',
  'completed',
  'failed',
  'cancelled',
  'expired',
]);

const txType = z.enum([
  'payment',
  'createSubscription',
  'cancelSubscription',
  'executeSubscription',
  'createPAYGSubscription',
  'cancelPAYGSubscription',
  'increaseAllowance',
  'updateMaxAmount',
  'transfer',
  'tokenTransfer',
  'refund',
  'faucet',
  'claimFunds',
]);

const settlementDetails = z.looseObject({}).nullable();

export const status = z.strictObject({
  status: statusNames,
  txHash: words.optional(),
  message: words.optional(),
  settlementDetails: settlementDetails.optional(),
});

/** SDK 1.x's servers say what it is the status of. */
export const legacyStatus = z.strictObject({ ...status.shape, type: txType });

/** A message of the WebSocket. */
export const statusMessage = z.strictObject({
  transactionUUID: z.union([transactionId, uuid]),
  status: z.strictObject({
    status: statusNames,
    txHash: words.optional(),
    message: words.optional(),
    type: txType.optional(),
  }),
});

/** A message of the WebSocket about what there is nothing to tell of. */
export const statusError = z.strictObject({
  error: words,
  status: z.int().min(400).max(599),
  message: words,
});

const statusSent = {
  status: statusNames,
  txHash: text,
  message: text,
  settlementDetails,
};

export const transactionWebhook = z.strictObject({
  uuid: transactionId,
  txType,
  status: z.strictObject(statusSent).nullable(),
  session: z.union([paymentSession, subscriptionSession]),
  managementPageLink: url,
});

/** From a server of SDK 1.x: the type in the status. */
export const legacyTransactionWebhook = z.strictObject({
  uuid: transactionId,
  status: z.strictObject({ ...statusSent, type: txType }),
  session: z.union([legacyPaymentSession, legacySubscriptionSession]),
  managementPageLink: url,
});

/** The dashboard's connectivity test: of its body the protocol knows the id alone. */
export const connectivityTest = z.looseObject({ uuid: z.literal('test-webhook-id') });

const bpsOf = (who: z.ZodRawShape) => z.strictObject({ ...who, feeBps: bps });

const metadata = z.strictObject({
  feeBps: bps,
  organizationFee: bpsOf({ organizationId: number, organization: words }).optional(),
  referralFee: bpsOf({ referralId: number }).optional(),
  txMetadata: z.strictObject({ networkFees, blockData, mainCurrencyPriceUSD: usd.optional() }),
  txAmounts,
});

const owned = {
  test: flag,
  organizationId: number,
  userId: number,
  productId: number,
  customerUUID: uuid.optional(),
  customerReference: words.optional(),
};

const settled = {
  createdAt: time,
  from: words,
  to: words,
  amount: usd,
  amountMinUnits: minUnits,
  currencyId: number,
  currency: currency.nullable(),
  transactionHash: words,
  ...owned,
  name: words,
  description: text,
  metadata,
};

const payment = z.strictObject({
  uuid: paymentId,
  ...settled,
  reference: words.optional(),
  price: usd,
  checkoutOpenedAt: time.optional(),
});

const bill = z.strictObject({ uuid: billId, ...settled, subscriptionUUID: subscriptionId });

type Settled = Pick<z.infer<typeof bill>, 'amount' | 'amountMinUnits' | 'metadata'>;

function addsUp({ amount, amountMinUnits, metadata: { txAmounts: split } }: Settled): boolean {
  return sameUsd(sumOf(split.usd), amount) && sumOf(split.minUnits) === Number(amountMinUnits);
}

export const paymentRead = payment.refine(addsUp, 'amounts do not add up');

const subscriptionStatus = z.enum([
  'active',
  'cancelled',
  'past_due',
  'low_on_funds',
  'pending',
  'trial',
  'trial_expired',
]);

export const subscriptionRead = z.strictObject({
  uuid: subscriptionId,
  reference: words.optional(),
  createdAt: time,
  updatedAt: time,
  from: words,
  to: words,
  subscriptionHash: words,
  currencyId: number,
  currency: currency.nullable(),
  frequency: seconds,
  allowance: minUnits,
  subscriptionStatus,
  stopped: flag,
  lastBillingDate: time,
  nextBillingDate: time.optional(),
  cancelledAt: time.optional(),
  cancellationReason: words.optional(),
  minimumCancellationDate: time.optional(),
  ...owned,
});

const ofSubscription = {
  subscriptionUUID: subscriptionId,
  subscriptionReference: words.optional(),
};

export const billingWebhook = z.strictObject({
  ...ofSubscription,
  type: z.literal('billing'),
  data: bill.refine(addsUp, 'amounts do not add up'),
});

export const statusTransitionWebhook = z.strictObject({
  ...ofSubscription,
  type: z.literal('status_transition'),
  data: z.strictObject({
    previousStatus: subscriptionStatus,
    currentStatus: subscriptionStatus,
    updatedAt: time,
  }),
});

export const verified = z.strictObject({ message: words });

export const error = z.strictObject({
  error: words,
  message: words.optional(),
  status: z.int().min(400).max(599).optional(),
});
