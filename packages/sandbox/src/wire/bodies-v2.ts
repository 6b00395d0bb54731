import type {
  News,
  Session,
  SessionTerms,
  Subscription,
  SubscriptionBill,
} from '../state/sessions.js';
import { amountOf, feeLinesOf, feeOf, frequencyOf, secondsOf } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { type JsonObject, cast, explorerUrl, minUnits } from './demo-data.js';

/** A v2 event before it is in its envelope. */
interface Worded {
  readonly type: string;
  readonly data: JsonObject;
}

/** The envelope of an event, with fields in the order of QBitFlow's own. */
export function envelope(id: string, event: Worded, at: number): JsonObject {
  return {
    id,
    type: event.type,
    version: 'v2',
    createdAt: rfc3339(at),
    test: true,
    data: event.data,
  };
}

/** What v2 reports of some news about a session; of a failed attempt it reports nothing. */
export function eventV2(session: Session, news: News): Worded | undefined {
  const { terms, subscription, link: managementPageLink } = session;
  if (news === 'expired') return { type: 'checkout.expired', data: expiredCheckoutV2(session) };
  if (news === 'completed' && terms.kind === 'payment')
    return { type: 'payment.completed', data: { ...paymentV2(session), managementPageLink } };
  if (news === 'failed' || subscription === undefined) return undefined;
  if (news === 'billed') return billed(session);
  const data = { ...subscriptionV2(session, subscription), managementPageLink };
  if (news === 'completed') return { type: 'subscription.created', data };
  const { previousStatus } = subscription;
  return { type: 'subscription.statusChanged', data: { ...data, previousStatus } };
}

function billed(session: Session): Worded | undefined {
  const bill = session.subscription?.lastBill;
  if (bill === undefined) return undefined;
  const data = {
    ...billV2(session, bill),
    subscriptionReference: session.terms.reference,
    subscriptionStatus: session.subscription?.status,
  };
  return { type: 'subscription.billed', data };
}

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
  const { terms, txHash = '', customerUuid, createdAt, completedAt } = session;
  return {
    uuid: session.uuid,
    ...settledFacts(terms, { txHash, at: completedAt ?? createdAt, customerUuid }),
    reference: terms.reference,
    price: terms.price,
    fees: feeLinesOf(terms),
    note: '',
    checkoutOpenedAt: rfc3339(createdAt),
  };
}

/** A bill of a subscription, in v2's names. */
export function billV2({ uuid, terms, customerUuid }: Session, bill: SubscriptionBill): JsonObject {
  const { txHash, at, periodStart, periodEnd } = bill;
  return {
    uuid: bill.uuid,
    ...settledFacts(terms, { txHash, at, customerUuid }),
    subscriptionUuid: uuid,
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
  const cancelled = cancelledAt !== undefined;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    createdAt: rfc3339(since),
    updatedAt: rfc3339(updatedAt),
    from: cast.customerWallet,
    to: cast.merchantWallet,
    productUuid: terms.productUuid ?? cast.productUuid,
    subscriptionHash: session.txHash,
    currencyId: cast.currency.id,
    currency: cast.currency,
    frequency: frequencyOf(terms),
    allowance: minUnits(terms.price * ALLOWED_PERIODS),
    status,
    currentPeriodEnd: rfc3339(currentPeriodEnd),
    priceUsd: String(terms.price),
    maxAmountPerPeriod: minUnits(terms.price),
    lastBillingDate: lastBill && rfc3339(lastBill.at),
    nextBillingDate: cancelled ? undefined : rfc3339(currentPeriodEnd),
    cancelledAt: cancelledAt && rfc3339(cancelledAt),
    cancellationReason: cancelled ? 'cancelled in the sandbox' : undefined,
    minimumCancellationDate:
      terms.minPeriods && rfc3339(since + terms.minPeriods * secondsOf(frequencyOf(terms)) * 1000),
    test: true,
    customerUuid: session.customerUuid,
    customerReference: terms.customerReference,
  };
}

/** The data of `checkout.expired`. */
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
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    organizationName: cast.organizationName,
    userName: cast.userName,
    test: true,
    txType: terms.txType,
    availableCurrencyIds: [cast.currency.id],
    createdAt: rfc3339(session.createdAt),
    expiresAt: rfc3339(session.expiresAt),
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}

/** One transfer on the chain. */
export interface Settlement {
  readonly txHash: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly customerUuid: string | undefined;
}

/** What a payment and a bill have in common, in v2's names. */
export function settledFacts(terms: SessionTerms, settlement: Settlement): JsonObject {
  const { txHash, at, customerUuid } = settlement;
  const amount = amountOf(terms);
  return {
    createdAt: rfc3339(at),
    from: cast.customerWallet,
    to: cast.merchantWallet,
    amount,
    amountMinUnits: minUnits(amount),
    currencyId: cast.currency.id,
    currency: cast.currency,
    txHash,
    chain: cast.chain,
    explorerUrl: explorerUrl(txHash),
    test: true,
    name: terms.productName,
    description: terms.description ?? '',
    productUuid: terms.productUuid ?? cast.productUuid,
    customerUuid,
    customerReference: terms.customerReference,
    metadata: metadataOf(amount, at),
    confirmedAt: rfc3339(at),
    paidMinUnits: minUnits(amount),
    paidUsd: amount,
  };
}

/** How a price was split and where that stands on the chain, in v2's names and types (protocol §6). */
function metadataOf(usd: number, at: number): JsonObject {
  return {
    feePercent: 1.5,
    txMetadata: { ...onChain(at), mainCurrencyPriceUsd: COIN_PRICE_USD },
    txAmounts: sharesOf(usd),
  };
}

/** The same, in v1's: fees in hundredths of a percent. */
export function metadataV1(usd: number, at: number): JsonObject {
  return {
    feeBps: 150,
    txMetadata: { ...onChain(at), mainCurrencyPriceUSD: COIN_PRICE_USD },
    txAmounts: sharesOf(usd),
  };
}

const COIN_PRICE_USD = 2500.5;

function onChain(at: number): JsonObject {
  return {
    networkFees: { amount: '21000', unitsConsumed: 21_000, l1Fee: '0' },
    blockData: { number: String(Math.floor(at / 12_000)), timestamp: Math.floor(at / 1000) },
  };
}

function sharesOf(usd: number): JsonObject {
  const platform = feeOf(usd);
  const merchant = Math.round((usd - platform) * 100) / 100;
  return {
    usd: { platform, merchant },
    minUnits: {
      platform: minUnits(platform),
      organization: '0',
      referral: '0',
      merchant: minUnits(merchant),
    },
  };
}
