import type { Session, SessionEvent, Subscription, SubscriptionBill } from '../state/sessions.js';
import { amountOf, feeOf, frequencyOf, secondsOf, type SessionTerms } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import type { JsonObject } from './canonical-json.js';
import { COIN_PRICE_USD, demo, explorerUrl, minUnits, onChain, sharesOf } from './demo-data.js';

/** A v2 event before it is in its envelope. */
interface EventBody {
  readonly type: string;
  readonly data: JsonObject;
}

/** The envelope of an event, a member's where one is named, with fields in the order of QBitFlow's own. */
export function envelope(id: string, event: EventBody, at: number, userUuid?: string): JsonObject {
  return {
    id,
    type: event.type,
    version: 'v2',
    createdAt: rfc3339(at),
    test: true,
    userUuid,
    data: event.data,
  };
}

/** What v2 reports of what happened to a session; of a failed attempt it reports nothing. */
export function eventV2(session: Session, happened: SessionEvent): EventBody | undefined {
  const { terms, subscription, link: managementPageLink } = session;
  if (happened === 'expired') return { type: 'checkout.expired', data: expiredCheckoutV2(session) };
  if (happened === 'completed' && terms.kind === 'payment')
    return { type: 'payment.completed', data: { ...paymentV2(session), managementPageLink } };
  if (happened === 'failed' || subscription === undefined) return undefined;
  if (happened === 'billed') return billed(session);
  const data = { ...subscriptionV2(session, subscription), managementPageLink };
  if (happened === 'completed') return { type: 'subscription.created', data };
  const { previousStatus } = subscription;
  return { type: 'subscription.statusChanged', data: { ...data, previousStatus } };
}

function billed(session: Session): EventBody | undefined {
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
  const cancelled = cancelledAt !== undefined;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    createdAt: rfc3339(since),
    updatedAt: rfc3339(updatedAt),
    from: demo.customerWallet,
    to: demo.merchantWallet,
    productUuid: terms.productUuid ?? demo.productUuid,
    subscriptionHash: session.txHash,
    currencyId: demo.currency.id,
    currency: demo.currency,
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
    userUuid: terms.userUuid,
    customerUuid: session.customerUuid,
    customerReference: terms.customerReference,
  };
}

/** The data of `checkout.expired`. */
function expiredCheckoutV2(session: Session): JsonObject {
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
    organizationName: demo.organizationName,
    userName: demo.userName,
    test: true,
    txType: terms.txType,
    availableCurrencyIds: [demo.currency.id],
    createdAt: rfc3339(session.createdAt),
    expiresAt: rfc3339(session.expiresAt),
    frequency: terms.frequency,
    trialPeriod: terms.trialPeriod,
    minPeriods: terms.minPeriods,
  };
}

/** What a payment and a bill have in common, in v2's names. */
function settledFacts({ terms, customerUuid }: Session, txHash: string, at: number): JsonObject {
  const amount = amountOf(terms);
  return {
    createdAt: rfc3339(at),
    from: demo.customerWallet,
    to: demo.merchantWallet,
    amount,
    amountMinUnits: minUnits(amount),
    currencyId: demo.currency.id,
    currency: demo.currency,
    txHash,
    chain: demo.chain,
    explorerUrl: explorerUrl(txHash),
    test: true,
    userUuid: terms.userUuid,
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
    amountUsd: String(amountUsd),
  }));
  if (!fees.processingFee) return lines;
  const amountUsd = String(feeOf(price));
  return [...lines, { type: 'processingFee', label: 'Processing fee', amountUsd }];
}
