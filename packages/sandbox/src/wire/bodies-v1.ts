import type { Session, SessionEvent, Subscription, SubscriptionBill } from '../state/sessions.js';
import { amountOf, frequencyOf, secondsOf, type SessionTerms } from '../state/terms.js';
import { rfc3339 } from '../time.js';
import { billV2, paymentV2, subscriptionV2 } from './bodies-v2.js';
import type { JsonObject } from './canonical-json.js';
import { COIN_PRICE_USD, currencies, currencyIds, demo, onChain, sharesOf } from './demo-data.js';

/** A v1 webhook body, with the name that the sandbox's log gives it. */
export interface WebhookBody {
  readonly type: string;
  readonly body: JsonObject;
}

/** What v1 reports of what happened to a session, if anything: of a subscription's life the subscription webhook. */
export function webhookV1(session: Session, happened: SessionEvent): WebhookBody | undefined {
  return WEBHOOKS[happened]?.(session);
}

/** What is not here v1 does not report. */
const WEBHOOKS: Readonly<
  Partial<Record<SessionEvent, (session: Session) => WebhookBody | undefined>>
> = {
  completed: (session) => transactionWebhook(session, 'completed'),
  failed: (session) => transactionWebhook(session, 'failed'),
  expired: (session) => transactionWebhook(session, 'expired'),
  billed: (session) => ({
    type: 'subscription.billing',
    body: subscriptionBody(session, 'billing', billOf(session)),
  }),
  statusChanged: (session) => transitionWebhook(session, 'statusChanged'),
  actionRequiredChanged: (session) => transitionWebhook(session, 'actionRequiredChanged'),
};

/** What v1 reports of a transaction: how it stands. */
export function transactionWebhook(session: Session, happened: string): WebhookBody {
  return { type: `transaction.${happened}`, body: transactionBody(session) };
}

/** What a webhook's status always has, where the answer to a question leaves out what is not there. */
const NOTHING_TO_SAY: JsonObject = { txHash: '', message: '', settlementDetails: null };

/** SDK 1.x sessions have the type in `status.type` and no `txType`. */
function transactionBody(session: Session): JsonObject {
  const { uuid, terms, link } = session;
  const status = statusV1(session);
  return {
    uuid,
    txType: terms.legacy ? undefined : terms.txType,
    status: status === undefined ? null : { ...NOTHING_TO_SAY, ...present(status) },
    session: sessionV1(session),
    managementPageLink: link,
  };
}

function subscriptionBody(
  session: Session,
  type: 'billing' | 'status_transition',
  data: JsonObject | undefined,
): JsonObject {
  return {
    subscriptionUUID: session.uuid,
    subscriptionReference: session.terms.reference,
    type,
    data,
  };
}

function billOf(session: Session): JsonObject | undefined {
  const bill = session.subscription?.lastBill;
  return bill && billV1(session, bill);
}

/** v1 has fewer statuses than v2, and others: where its own stays the same, it says nothing. */
function transitionWebhook(
  session: Session,
  happened: 'statusChanged' | 'actionRequiredChanged',
): WebhookBody | undefined {
  const { subscription } = session;
  if (subscription === undefined) return undefined;
  const { status, actionRequired, updatedAt } = subscription;
  const currentStatus = subscriptionStatusV1(status, actionRequired);
  const previousStatus = previousStatusV1(subscription, happened);
  if (previousStatus === currentStatus) return undefined;
  const data = { previousStatus, currentStatus, updatedAt: rfc3339(updatedAt) };
  return {
    type: 'subscription.status_transition',
    body: subscriptionBody(session, 'status_transition', data),
  };
}

function previousStatusV1(
  { status, previousStatus, actionRequired, previousActionRequired }: Subscription,
  happened: 'statusChanged' | 'actionRequiredChanged',
): string {
  return happened === 'statusChanged'
    ? subscriptionStatusV1(previousStatus ?? status, actionRequired)
    : subscriptionStatusV1(status, previousActionRequired);
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
    const reason = 'nothing has been processed for this transaction yet';
    const error = { error: reason, status: 404, message: reason };
    return { text: JSON.stringify(error), final: false };
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
    availableCurrencies: terms.legacy ? currencies : currencyIds,
    ...(terms.kind === 'payment' ? {} : cycleV1(terms)),
  };
}

/** How a subscription runs; SDK 1.x reads it under `options`. */
function cycleV1(terms: SessionTerms): JsonObject {
  const cycle = {
    frequency: secondsOf(frequencyOf(terms)),
    trialPeriod: terms.trialPeriod && secondsOf(terms.trialPeriod),
    minPeriods: terms.minPeriods,
  };
  return terms.legacy ? { options: { subscriptionType: terms.placeholderType, ...cycle } } : cycle;
}

/** v1's names of v2's subscription statuses, where they differ. */
const STATUSES: Readonly<Record<string, string>> = {
  trialExpired: 'trial_expired',
  pastDue: 'past_due',
  // v1 says with `stopped` that it is, and knows no pause.
  stopped: 'active',
  paused: 'active',
};

/** v1 has a status for what v2's customers have to do about a subscription that goes on. */
const ACTIONS: Readonly<Record<string, string>> = {
  topUpAllowance: 'low_on_funds',
  raiseMaximum: 'pending',
};

/** How a subscription stands in v1's words. */
export function subscriptionStatusV1(status: string, actionRequired = ''): string {
  if (status === 'active' && Object.hasOwn(ACTIONS, actionRequired))
    return ACTIONS[actionRequired] ?? status;
  return STATUSES[status] ?? status;
}

/** v1's names of v2's fields, where they differ. */
const NAMES: Readonly<Record<string, string>> = {
  txHash: 'transactionHash',
  customerUuid: 'customerUUID',
  subscriptionUuid: 'subscriptionUUID',
};

/** What v1 does not say. */
const NOT_IN_V1: ReadonlySet<string> = new Set([
  'productUuid',
  'userUuid',
  'status',
  'actionRequired',
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
  const metadata = metadataV1(amountOf(session.terms), session.completedAt ?? session.createdAt);
  return { ...inV1(session, paymentV2(session)), metadata };
}

/** A bill of a subscription, as v1 has it. */
function billV1(session: Session, bill: SubscriptionBill): JsonObject {
  const metadata = metadataV1(amountOf(session.terms), bill.at);
  return { ...inV1(session, billV2(session, bill)), metadata };
}

/** The subscription that a completed session became, as v1 has it: the frequency in seconds. */
export function subscriptionV1(session: Session, subscription: Subscription): JsonObject {
  const { status, actionRequired } = subscription;
  return {
    ...inV1(session, subscriptionV2(session, subscription)),
    subscriptionStatus: subscriptionStatusV1(status, actionRequired),
    frequency: secondsOf(frequencyOf(session.terms)),
    stopped: status === 'stopped',
  };
}

/** v1 knows products, organizations and users by number. */
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

/** Without the fields that have no value, which would hide those that others have. */
function present(fields: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
