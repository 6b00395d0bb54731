import type { Session, Subscription, SubscriptionBill } from '../state/sessions.js';
import { amountOf, feeOf, frequencyOf, secondsOf, type SessionTerms } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import type { JsonObject } from './canonical-json.js';
import {
  currencyIds,
  currencyOf,
  COIN_PRICE_USD,
  decimal,
  demo,
  explorerUrl,
  minUnits,
  onChain,
  sharesOf,
} from './demo-data.js';
import { nextBillingDateOf } from './next-bill-v2.js';

/** v2's answer to "how far is it": a failed attempt is `created` with `lastAttempt`. */
export function statusV2(session: Session): JsonObject {
  return {
    uuid: session.uuid,
    status: session.status,
    txHash: session.txHash,
    lastAttempt: session.status === 'completed' ? undefined : session.lastAttempt,
  };
}

/** The payment that a completed session became, in v2's names. */
export function paymentV2(session: Session): JsonObject {
  const { terms, txHash = '', createdAt, completedAt } = session;
  return {
    uuid: session.uuid,
    ...settledFacts(session, txHash, completedAt ?? createdAt),
    reference: terms.reference,
    price: terms.price,
    fees: feeLinesOf(terms),
    note: '',
    checkoutOpenedAt: rfc3339(createdAt),
  };
}

/** A bill of a subscription, in v2's names. */
export function billV2(session: Session, bill: SubscriptionBill): JsonObject {
  const { txHash, at, periodStart, periodEnd } = bill;
  return {
    uuid: bill.uuid,
    ...settledFacts(session, txHash, at),
    subscriptionUuid: session.uuid,
    periodStart: rfc3339(periodStart),
    periodEnd: rfc3339(periodEnd),
  };
}

/** How many periods' price the customer allows to be taken. */
const ALLOWED_PERIODS = 12;

/** The subscription that a completed session became, in v2's names. */
export function subscriptionV2(session: Session, subscription: Subscription): JsonObject {
  const { terms } = session;
  const { status, updatedAt, currentPeriodEnd, lastBill, cancelledAt } = subscription;
  const since = session.completedAt ?? session.createdAt;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    createdAt: rfc3339(since),
    updatedAt: rfc3339(updatedAt),
    from: demo.customerWallet,
    to: demo.merchantWallet,
    productUuid: terms.productUuid ?? demo.productUuid,
    subscriptionHash: session.txHash,
    currencyId: currencyOf(session).id,
    currency: currencyOf(session),
    frequency: frequencyOf(terms),
    allowance: minUnits(terms.price * ALLOWED_PERIODS),
    status,
    actionRequired: subscription.actionRequired,
    currentPeriodEnd: rfc3339(currentPeriodEnd),
    priceUsd: decimal(terms.price),
    maxAmountPerPeriod: minUnits(terms.price),
    // A trial has one too, before its first bill.
    lastBillingDate: rfc3339(lastBill?.at ?? since),
    nextBillingDate: nextBillingDateOf(subscription),
    cancelledAt: cancelledAt === undefined ? undefined : rfc3339(cancelledAt),
    cancellationReason: subscription.cancellationReason,
    minimumCancellationDate: minimumEndOf(terms, since),
    test: true,
    userUuid: terms.userUuid,
    customerUuid: session.customerUuid,
    customerReference: terms.customerReference,
  };
}

/** When a subscription that began at `since` (ms) may be cancelled; without `minPeriods`, or with none, at any time. */
function minimumEndOf(terms: SessionTerms, since: number): string | undefined {
  const { minPeriods = 0 } = terms;
  if (minPeriods === 0) return undefined;
  return rfc3339(since + minPeriods * secondsOf(frequencyOf(terms)) * 1000);
}

/** The data of `checkout.expired`. Its `successUrl` is QBitFlow's own page, which sends on to the merchant's. */
export function expiredCheckoutV2(session: Session): JsonObject {
  const { terms } = session;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    productUuid: terms.productUuid,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    amount: amountOf(terms),
    fees: feeLinesOf(terms),
    successUrl: session.link,
    cancelUrl: terms.cancelUrl,
    redirectUrl: terms.successUrl,
    organizationName: demo.organizationName,
    userName: demo.userName,
    test: true,
    txType: terms.txType,
    availableCurrencyIds: currencyIds,
    createdAt: rfc3339(session.createdAt),
    expiresAt: rfc3339(session.expiresAt),
    ...(terms.kind === 'payment' ? {} : cycleV2(terms)),
  };
}

function cycleV2(terms: SessionTerms): JsonObject {
  const { trialPeriod, minPeriods } = terms;
  return { frequency: frequencyOf(terms), trialPeriod, minPeriods };
}

/** Money that came to the merchant. */
interface Transfer {
  readonly from: string;
  /** USD. */
  readonly amount: number;
  readonly txHash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly userUuid: string | undefined;
}

/** What a payment, a bill and a payout of held funds have in common, in v2's names. */
export function transferV2(session: Session, transfer: Transfer): JsonObject {
  const { from, amount, txHash, at, userUuid } = transfer;
  const currency = currencyOf(session);
  return {
    createdAt: rfc3339(at),
    from,
    to: demo.merchantWallet,
    amount,
    amountMinUnits: minUnits(amount),
    currencyId: currency.id,
    currency,
    txHash,
    chain: demo.chain,
    explorerUrl: explorerUrl(txHash),
    test: true,
    userUuid,
  };
}

/** What a payment and a bill have in common, in v2's names. */
function settledFacts(session: Session, txHash: string, at: number): JsonObject {
  const { terms, customerUuid } = session;
  const amount = amountOf(terms);
  const { userUuid } = terms;
  return {
    ...transferV2(session, { from: demo.customerWallet, amount, txHash, at, userUuid }),
    name: terms.productName,
    description: terms.description ?? '',
    productUuid: terms.productUuid ?? demo.productUuid,
    customerUuid,
    customerReference: terms.customerReference,
    metadata: metadataOf(amount, at),
    confirmedAt: rfc3339(at),
    paidMinUnits: minUnits(amount),
    paidUsd: amount,
  };
}

/** How a price was split and where that stands on the chain, in v2's names and types. */
function metadataOf(usd: number, at: number): JsonObject {
  return {
    feePercent: 1.5,
    txMetadata: { ...onChain(at), mainCurrencyPriceUsd: COIN_PRICE_USD },
    txAmounts: sharesOf(usd),
  };
}

/** The fees in v2's words. */
export function feeLinesOf({ price, fees }: SessionTerms): readonly JsonObject[] {
  if (fees === undefined) return [];
  const lines: JsonObject[] = fees.items.map(({ label, description, amountUsd }) => ({
    type: 'custom',
    label,
    description,
    amountUsd: decimal(amountUsd),
  }));
  if (!fees.processingFee) return lines;
  const amountUsd = decimal(feeOf(price));
  return [...lines, { type: 'processingFee', label: 'Processing fee', amountUsd }];
}
