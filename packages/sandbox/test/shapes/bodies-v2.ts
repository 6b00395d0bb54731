import { z } from 'zod';
import {
  billId,
  blockData,
  count,
  currency,
  decimal,
  flag,
  minUnits,
  networkFees,
  paidId,
  paymentId,
  percent,
  period,
  refundId,
  sameUsd,
  subscriptionId,
  sumOf,
  text,
  time,
  transactionId,
  transferId,
  txAmounts,
  url,
  usd,
  uuid,
  words,
} from './fields.js';

// protocol §3 and §6, "Types in v2 bodies": the things that reads and webhooks of v2 are about.

const chain = z.enum(['ETH', 'BASE', 'SOL']);

const txMetadata = z.strictObject({
  networkFees,
  blockData,
  mainCurrencyPriceUsd: usd.optional(),
});

const metadata = z.strictObject({
  feePercent: percent,
  organizationFee: z.strictObject({ organization: words, feePercent: percent }).optional(),
  referralFee: z.strictObject({ referrer: words, feePercent: percent, deadline: time }).optional(),
  txMetadata,
  txAmounts,
});

/** How a transfer looks on the chain. */
const transferred = {
  createdAt: time,
  from: words,
  to: words,
  amount: usd,
  amountMinUnits: minUnits,
  currencyId: z.int().positive(),
  currency: currency.nullable(),
  txHash: words,
  chain: chain.optional(),
  explorerUrl: url.optional(),
  test: flag,
  userUuid: uuid.optional(),
};

/** What a payment and a bill have in common. */
const settled = {
  ...transferred,
  name: words,
  description: text,
  productUuid: uuid.optional(),
  customerUuid: uuid.optional(),
  customerReference: words.optional(),
  metadata,
  confirmedAt: time.optional(),
  paidMinUnits: minUnits.optional(),
  paidUsd: usd.optional(),
};

const fee = z.strictObject({
  type: z.enum(['custom', 'processingFee']),
  label: z.string().min(1).max(40),
  description: z.string().max(200).optional(),
  amountUsd: decimal,
});

export const paymentFields = {
  uuid: paymentId,
  ...settled,
  reference: words.optional(),
  price: usd,
  fees: z.array(fee),
  note: text.optional(),
  checkoutOpenedAt: time.optional(),
};

export const billFields = {
  uuid: billId,
  ...settled,
  subscriptionUuid: subscriptionId,
  periodStart: time.optional(),
  periodEnd: time.optional(),
};

type Payment = z.infer<z.ZodObject<typeof paymentFields>>;
type Settled = Omit<Payment, 'uuid' | 'price' | 'fees'>;

/** The numbers of a payment or a bill agree with each other. */
export function addsUp({
  amount,
  amountMinUnits,
  currency: coin,
  metadata: split,
}: Settled): boolean {
  const inCoin = Number(amountMinUnits) / 10 ** (coin?.decimals ?? 0);
  const { usd: inUsd, minUnits: inUnits } = split.txAmounts;
  return (
    (coin === null || sameUsd(inCoin, amount)) &&
    sameUsd(sumOf(inUsd), amount) &&
    sumOf(inUnits) === Number(amountMinUnits)
  );
}

/** protocol §6: `amount = price + Σ fees`. */
export function coversFees({ amount, price, fees }: Pick<Payment, 'amount' | 'price' | 'fees'>) {
  return sameUsd(
    amount,
    fees.reduce((sum, { amountUsd }) => sum + Number(amountUsd), price),
  );
}

export const subscriptionStatus = z.enum([
  'trial',
  'trialExpired',
  'active',
  'pastDue',
  'paused',
  'stopped',
  'cancelled',
]);

export const requiredAction = z.enum(['topUpAllowance', 'raiseMaximum', 'confirmTrial']);

export const subscriptionFields = {
  uuid: subscriptionId,
  reference: words.optional(),
  createdAt: time,
  updatedAt: time,
  from: words,
  to: words,
  productUuid: uuid,
  subscriptionHash: words,
  currencyId: z.int().positive(),
  currency: currency.nullable(),
  frequency: period,
  allowance: minUnits,
  status: subscriptionStatus,
  actionRequired: requiredAction.optional(),
  currentPeriodEnd: time.optional(),
  priceUsd: decimal,
  maxAmountPerPeriod: minUnits.optional(),
  lastBillingDate: time,
  nextBillingDate: time.optional(),
  cancelledAt: time.optional(),
  cancellationReason: z
    .enum([
      'customer',
      'merchant',
      'billingFailed',
      'trialNotConverted',
      'merchantClosed',
      'inactiveOnChain',
    ])
    .optional(),
  minimumCancellationDate: time.optional(),
  test: flag,
  userUuid: uuid.optional(),
  customerUuid: uuid.optional(),
  customerReference: words.optional(),
};

/** A subscription has an end and a reason for it exactly when it is cancelled. */
export function isConsistent(subscription: Readonly<Record<string, unknown>>): boolean {
  const ended = subscription['status'] === 'cancelled';
  return ['cancelledAt', 'cancellationReason'].every(
    (field) => ended === (subscription[field] !== undefined),
  );
}

export const refundFields = {
  uuid: refundId,
  txUuid: paidId,
  reason: text,
  createdAt: time,
  merchantMessage: text,
  respondedAt: time.nullable(),
  test: flag,
  userUuid: uuid.optional(),
  txHash: text,
  initiatedBy: words,
  held: flag,
  paidMinUnits: minUnits,
  paidUsd: usd,
  refundPercent: percent,
  amountMinUnits: minUnits,
  amountUsd: usd,
  currencyId: z.int().positive(),
  metadata: txMetadata.nullable(),
  chain: chain.optional(),
  explorerUrl: url.optional(),
};

export const memberFields = {
  userUuid: uuid,
  name: words,
  lastName: words,
  email: z.email(),
  test: flag,
  organizationFeePercent: percent,
  trustedAt: time.nullable(),
  joinedAt: time,
  acceptedCurrencyIds: z.array(z.int().positive()),
  spaceUuid: uuid,
};

const ledger = z.strictObject({
  txUuid: paidId,
  type: words,
  description: text,
  refundedTxUuid: paidId.optional(),
  amount: z.number(),
  metadata: z.looseObject({}).nullable(),
  currencyId: z.int().positive(),
  owedMinUnits: minUnits,
  owedUsd: usd,
  createdAt: time,
});

export const heldFundsFields = {
  uuid: transferId,
  ...transferred,
  received: flag,
  type: words,
  txMetadata,
  ledgers: z.array(ledger),
};

const expiredFields = {
  uuid: transactionId,
  reference: words.optional(),
  productUuid: uuid.optional(),
  productReference: words.optional(),
  productName: words.optional(),
  description: words.optional(),
  price: usd.optional(),
  amount: usd.optional(),
  fees: z.array(fee),
  successUrl: url.optional(),
  cancelUrl: url.optional(),
  redirectUrl: url.optional(),
  organizationName: words,
  userName: words.optional(),
  test: flag,
  availableCurrencyIds: z.array(z.int().positive()),
  createdAt: time.optional(),
  expiresAt: time.optional(),
};

const terms = {
  uuid: subscriptionId,
  frequency: period,
  trialPeriod: period.optional(),
  minPeriods: count.optional(),
  upgradingFromTrial: flag.optional(),
};

/** `checkout.expired`: a subscription's has its terms too. */
export const expiredCheckout = z
  .discriminatedUnion('txType', [
    z.strictObject({ ...expiredFields, uuid: paymentId, txType: z.literal('payment') }),
    z.strictObject({ ...expiredFields, ...terms, txType: z.literal('createSubscription') }),
    z.strictObject({ ...expiredFields, ...terms, txType: z.literal('createPaygSubscription') }),
  ])
  .refine(
    ({ amount, price, fees }) =>
      amount === undefined || price === undefined || coversFees({ amount, price, fees }),
    'amount is not price + fees',
  );

/** Only in reads, never in webhooks; what is in them, the protocol does not say. */
const anything = z.looseObject({}).nullable();
export const paymentReadFields = {
  customer: anything.optional(),
  refundable: flag.optional(),
  notRefundableReason: words.optional(),
};
export const subscriptionReadFields = {
  customer: anything.optional(),
  dunning: anything.optional(),
  approval: anything.optional(),
  productName: words.optional(),
};
