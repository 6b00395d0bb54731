import type { Session, SessionEvent, Subscription, SubscriptionBill } from '../state/sessions.js';
import { frequencyOf, secondsOf } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { billV2, paymentV2, subscriptionV2 } from './bodies-v2.js';
import type { JsonObject } from './canonical-json.js';
import { COIN_PRICE_USD, demo, onChain, sharesOf } from './demo-data.js';

/** A v1 webhook body, with the name that the sandbox's log gives it. */
interface WebhookBody {
  readonly type: string;
  readonly body: JsonObject;
}

/** What v1 reports of what happened to a session: of a subscription's life the subscription webhook. */
export function webhookV1(session: Session, happened: SessionEvent): WebhookBody {
  if (happened === 'billed')
    return { type: 'subscription.billing', body: subscriptionWebhook(session, 'billing') };
  if (happened === 'statusChanged')
    return {
      type: 'subscription.status_transition',
      body: subscriptionWebhook(session, 'status_transition'),
    };
  return { type: `transaction.${happened}`, body: transactionWebhook(session) };
}

/** SDK 1.x sessions have the type in `status.type` and no `txType`. */
function transactionWebhook(session: Session): JsonObject {
  const { uuid, terms, link } = session;
  const status = statusV1(session);
  return {
    uuid,
    txType: terms.legacy ? undefined : terms.txType,
    status: status === undefined ? null : { settlementDetails: null, ...status },
    session: sessionV1(session),
    managementPageLink: link,
  };
}

function subscriptionWebhook(session: Session, type: 'billing' | 'status_transition'): JsonObject {
  return {
    subscriptionUUID: session.uuid,
    subscriptionReference: session.terms.reference,
    type,
    data: type === 'billing' ? billOf(session) : transitionOf(session),
  };
}

function billOf(session: Session): JsonObject | undefined {
  const bill = session.subscription?.lastBill;
  return bill && billV1(session, bill);
}

function transitionOf({ subscription }: Session): JsonObject | undefined {
  if (subscription === undefined) return undefined;
  const { previousStatus, status, updatedAt } = subscription;
  return { previousStatus, currentStatus: status, updatedAt: rfc3339(updatedAt) };
}

/** One message of v1's WebSocket. */
interface StatusMessage {
  readonly text: string;
  /** Nothing comes after it. */
  readonly final: boolean;
}

/** How a transaction stands, under the id that was asked for; an error of 404 while nothing was processed for it. */
export function statusMessage(uuid: string, session: Session | undefined): StatusMessage {
  const status = session && statusV1(session);
  if (status === undefined) {
    const message = 'nothing has been processed for this transaction yet';
    return { text: JSON.stringify({ error: 'Not Found', status: 404, message }), final: false };
  }
  const final = session?.status === 'completed' || session?.status === 'expired';
  return { text: JSON.stringify({ transactionUUID: uuid, status }), final };
}

/** v1's answer to "how far is it", or `undefined` (a 404) while nothing was processed. A failed attempt is `failed`. */
export function statusV1(session: Session): JsonObject | undefined {
  const type = session.terms.legacy ? session.terms.txType : undefined;
  if (session.status === 'created') {
    if (session.lastAttempt === undefined) return undefined;
    const { message, txHash } = session.lastAttempt;
    return { status: 'failed', txHash, message, type };
  }
  const status = session.settling === true ? 'pending' : session.status;
  return { status, txHash: session.txHash, type };
}

/** A session as v1 shows it, and puts into its transaction webhooks. Unset fields are left out. */
export function sessionV1(session: Session): JsonObject {
  const { terms } = session;
  return {
    uuid: session.uuid,
    reference: terms.reference,
    productId: terms.productId,
    productReference: terms.productReference,
    productName: terms.productName,
    description: terms.description,
    price: terms.price,
    successUrl: terms.successUrl,
    cancelUrl: terms.cancelUrl,
    organizationId: demo.organizationId,
    organizationName: demo.organizationName,
    feeBps: 150,
    organizationFeeBps: 0,
    userId: demo.userId,
    userName: demo.userName,
    test: true,
    customerUUID: session.customerUuid ?? null,
    customerReference: terms.customerReference,
    txType: terms.txType,
    availableCurrencies: terms.legacy ? [demo.currency] : [demo.currency.id],
    frequency: terms.frequency && secondsOf(terms.frequency),
    trialPeriod: terms.trialPeriod && secondsOf(terms.trialPeriod),
    minPeriods: terms.minPeriods,
  };
}

/** v1's names of v2's fields, where they differ. */
const NAMES: Readonly<Record<string, string>> = {
  txHash: 'transactionHash',
  customerUuid: 'customerUUID',
  subscriptionUuid: 'subscriptionUUID',
  status: 'subscriptionStatus',
};

/** What v1 does not say. */
const NOT_IN_V1: ReadonlySet<string> = new Set([
  'productUuid',
  'userUuid',
  'currentPeriodEnd',
  'priceUsd',
  'maxAmountPerPeriod',
  'chain',
  'explorerUrl',
  'confirmedAt',
  'paidMinUnits',
  'paidUsd',
  'fees',
  'note',
  'periodStart',
  'periodEnd',
]);

/** The payment that a completed session became, as v1 has it. */
export function paymentV1(session: Session): JsonObject {
  const metadata = metadataV1(session.terms.price, session.completedAt ?? session.createdAt);
  return { ...inV1(session, paymentV2(session)), metadata };
}

/** A bill of a subscription, as v1 has it. */
function billV1(session: Session, bill: SubscriptionBill): JsonObject {
  const metadata = metadataV1(session.terms.price, bill.at);
  return { ...inV1(session, billV2(session, bill)), metadata };
}

/** The subscription that a completed session became, as v1 has it: the frequency in seconds. */
export function subscriptionV1(session: Session, subscription: Subscription): JsonObject {
  return {
    ...inV1(session, subscriptionV2(session, subscription)),
    frequency: secondsOf(frequencyOf(session.terms)),
    stopped: false,
  };
}

/** v1 knows products, organizations and users by number. The sandbox's statuses are named alike by both generations. */
function inV1({ terms }: Session, fields: JsonObject): JsonObject {
  const kept = Object.entries(fields).filter(([name]) => !NOT_IN_V1.has(name));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [NAMES[name] ?? name, value])),
    productId: terms.productId ?? demo.productId,
    organizationId: demo.organizationId,
    userId: demo.userId,
  };
}

/** How a price was split and where that stands on the chain, in v1's names: fees in hundredths of a percent. */
function metadataV1(usd: number, at: number): JsonObject {
  return {
    feeBps: 150,
    txMetadata: { ...onChain(at), mainCurrencyPriceUSD: COIN_PRICE_USD },
    txAmounts: sharesOf(usd),
  };
}
