import { asError } from '../../errors.js';
import type { ExpiredCheckout, Period, TransactionUpdate } from '../../event/data.js';
import {
  canonicalId,
  type IdentifyingFields,
  keyOf,
  keyOfUnknown,
  ownIdOf,
  prefixOf,
  subjectOf,
} from '../../event/keys.js';
import type { Bill, Payment } from '../../event/payment-data.js';
import type { Subscription, SubscriptionStatusChange } from '../../event/subscription-data.js';
import type { WebhookEvent } from '../../event/types.js';
import { headerOf, type HttpHeaders } from '../../http/http.js';
import { fieldKinds } from '../fields.js';
import { fingerprint, isJsonObject, type JsonObject } from '../json.js';
import { jsonTypeOf, type ParseResult, problemOf, unreadable } from '../parse-result.js';
import {
  type V1Body,
  v1Schemas,
  type V1Session,
  type V1SubscriptionWebhook,
  type V1TransactionWebhook,
} from './schemas.js';
import { billInV2, periodOf, type StatusInV2, wordOf } from './v2-names.js';

/**
 * Reads a v1 body, transaction or subscription webhook, as an event with v2's names. v1 sends no event id: the
 * idempotency key stands in. A body of neither shape, or with a field of the wrong JSON type, is unreadable.
 */
export function v1ToEvent(value: unknown): ParseResult {
  if (!isJsonObject(value)) return unreadable(`body: expected object, got ${jsonTypeOf(value)}`);
  if (isSubscriptionWebhook(value)) {
    const checked = v1Schemas().subscriptionWebhook.safeParse(value);
    if (!checked.success) return unreadable(problemOf(checked.error.issues, value));
    return buildEvent(value, readSubscriptionWebhook(value));
  }
  if (isTransactionWebhook(value)) {
    const checked = v1Schemas().transactionWebhook.safeParse(value);
    if (!checked.success) return unreadable(problemOf(checked.error.issues, value));
    return buildEvent(value, readTransactionWebhook(value));
  }
  return unreadable('body: neither a transaction webhook nor a subscription webhook');
}

const OF_TRANSACTION_WEBHOOK = ['uuid', 'status', 'session', 'txType'];

/** Whether a JSON-parsed body that is no envelope of v2's has the shape of one of v1's webhooks. */
export function isV1Body(value: JsonObject): boolean {
  return isSubscriptionWebhook(value) || isTransactionWebhook(value);
}

function isSubscriptionWebhook(value: JsonObject): boolean {
  const hasNews = Object.hasOwn(value, 'type') && Object.hasOwn(value, 'data');
  return Object.hasOwn(value, 'subscriptionUUID') || hasNews;
}

/** Of what is no subscription webhook. */
function isTransactionWebhook(value: JsonObject): boolean {
  return OF_TRANSACTION_WEBHOOK.some((name) => Object.hasOwn(value, name));
}

/** v1's name of the dashboard's connectivity test, where a transaction's id would be. */
const TEST_ID = 'test-webhook-id';

/**
 * Whether a verified delivery is the dashboard's connectivity test, which belongs to no payment: by `X-Webhook-Id`, or by
 * the id in its body where it comes with v2's headers.
 */
export function isV1ConnectivityTest(headers: HttpHeaders, raw: JsonObject | undefined): boolean {
  return headerOf(headers, 'x-webhook-id') === TEST_ID || raw?.['uuid'] === TEST_ID;
}

function buildEvent(body: JsonObject, reading: MappingResult): ParseResult {
  if ('problem' in reading) return unreadable(reading.problem);
  const { type, data, test, sentType } = reading;
  const identifying = isJsonObject(data) ? data : {};
  let key: string;
  try {
    key = keyOfReading(reading, identifying, body);
  } catch (error) {
    return unreadable(asError(error).message);
  }
  const event = {
    id: key,
    key,
    subject: subjectOf(sentType ?? type, identifying, key),
    createdAt: undefined,
    test,
    userUuid: undefined,
    version: 'v1',
    raw: body satisfies V1Body,
    type,
    ...(sentType === undefined ? undefined : { sentType }),
    data,
  };
  // The readers match `data` with `type`, each typed by event/data.ts through its return type.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { ok: true, event: event as WebhookEvent };
}

/** Throws for a body that would need a fingerprint and is too deep for one. */
function keyOfReading(
  reading: MappedEventWithMeta,
  identifying: IdentifyingFields,
  body: JsonObject,
): string {
  const { type, sentType = '' } = reading;
  if (type === 'unknown') return keyOfUnknown(sentType, whatIsUnique(reading, body));
  const isNamed = ownIdOf(type, identifying) !== '';
  return keyOf(type, identifying, isNamed ? '' : whatIsUnique(reading, body));
}

function whatIsUnique({ unique, prefix }: MappedEventWithMeta, body: JsonObject): string {
  if (unique !== undefined) return unique;
  return `${prefix === undefined ? '' : `${prefix}:`}${fingerprint(body)}`;
}

/** What a transaction webhook reports, with the transaction's type wherever its server puts it. */
interface Transaction {
  readonly body: V1TransactionWebhook;
  readonly session: V1Session;
  readonly uuid: string;
  readonly txType: string | null | undefined;
}

/** Maps v1's transaction webhook: completion and expiry have v2 events, all else is `transaction.updated`. */
export function readTransactionWebhook(body: V1TransactionWebhook): MappingResult {
  const session = body.session ?? {};
  const uuid = body.uuid ?? session.uuid ?? '';
  // SDK 1.x servers name the type in the status; `||` because servers of both ages also send ''.
  const txType = body.txType || body.status?.type || session.txType;
  const transaction = { body, session, uuid, txType };
  const test = session.test ?? undefined;
  const status = body.status?.status;
  if (status === 'completed' && txType === 'payment')
    return { type: 'payment.completed', data: payment(transaction), test };
  if (status === 'completed' && txType === 'createSubscription')
    return { type: 'subscription.created', data: subscription(transaction), test };
  if (status === 'expired') return { type: 'checkout.expired', data: expired(transaction), test };
  const prefix = `${canonicalId(prefixOf(txType), uuid)}:${status ?? ''}`;
  return { type: 'transaction.updated', data: update(transaction), test, prefix };
}

function payment({ body, session, uuid }: Transaction): Payment {
  return present({
    uuid,
    reference: session.reference ?? undefined,
    name: session.productName,
    description: session.description,
    price: session.price,
    txHash: body.status?.txHash,
    test: session.test,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
    managementPageLink: body.managementPageLink,
  });
}

function subscription({ body, session, uuid }: Transaction): Subscription {
  return present({
    uuid,
    reference: session.reference ?? undefined,
    name: session.productName,
    description: session.description,
    priceUsd: decimalText(session.price),
    frequency: termsOf(session).frequency,
    txHash: body.status?.txHash,
    test: session.test,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
    managementPageLink: body.managementPageLink,
  });
}

function expired({ session, uuid, txType }: Transaction): ExpiredCheckout {
  return present({
    uuid,
    reference: session.reference ?? undefined,
    productReference: session.productReference,
    productName: session.productName,
    description: session.description,
    price: session.price,
    successUrl: session.successUrl,
    cancelUrl: session.cancelUrl,
    organizationName: session.organizationName,
    userName: session.userName,
    test: session.test,
    txType,
    availableCurrencyIds: currencyIds(session.availableCurrencies),
    ...termsOf(session),
    upgradingFromTrial: session.upgradingFromTrial,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
  });
}

function update({ body, session, uuid, txType }: Transaction): TransactionUpdate {
  return present({
    uuid,
    txType,
    status: body.status?.status,
    txHash: body.status?.txHash,
    message: body.status?.message,
    reference: session.reference ?? undefined,
    customerUuid: session.customerUUID,
    customerReference: session.customerReference,
    managementPageLink: body.managementPageLink,
  });
}

/** v2 gives a subscription's price as decimal text. */
function decimalText(price: number | null | undefined): string | null | undefined {
  return typeof price === 'number' ? String(price) : price;
}

/** A subscription's terms; SDK 1.x servers have them under `options`. */
function termsOf(session: V1Session): {
  readonly frequency: Period | undefined;
  readonly trialPeriod: Period | undefined;
  readonly minPeriods: number | null | undefined;
} {
  const options = isJsonObject(session['options']) ? session['options'] : {};
  const { minPeriods } = options;
  return {
    frequency: periodOf(session.frequency ?? options['frequency']),
    trialPeriod: periodOf(session.trialPeriod ?? options['trialPeriod']),
    minPeriods: session.minPeriods ?? (typeof minPeriods === 'number' ? minPeriods : undefined),
  };
}

/** Ids, or whole currencies on old servers. */
function currencyIds(sent: readonly unknown[] | null | undefined): number[] | undefined {
  return sent
    ?.map((currency) => (isJsonObject(currency) ? currency['id'] : currency))
    .filter((id) => typeof id === 'number');
}

/** Maps v1's subscription webhook; a `type` newer than this kit becomes an unknown event. */
export function readSubscriptionWebhook(body: V1SubscriptionWebhook): MappingResult {
  const type = body.type ?? '';
  if (type !== 'billing' && type !== 'status_transition')
    return { type: 'unknown', sentType: type, data: body.data };
  const data = body.data ?? {};
  if (!isJsonObject(data)) return { problem: `data: expected object, got ${jsonTypeOf(data)}` };
  return type === 'billing' ? readBill(body, data) : readTransition(body, data);
}

function readBill(body: V1SubscriptionWebhook, sent: JsonObject): MappingResult {
  const bill = billInV2(sent);
  const checked = fieldKinds().bill.safeParse(bill);
  if (!checked.success) return { problem: problemOf(checked.error.issues, bill, 'data') };
  const data: Bill = present({
    ...checked.data,
    uuid: checked.data.uuid ?? '',
    subscriptionUuid: checked.data.subscriptionUuid ?? body.subscriptionUUID,
    subscriptionReference: checked.data.subscriptionReference ?? body.subscriptionReference,
  });
  return { type: 'subscription.billed', data, test: checked.data.test ?? undefined };
}

function readTransition(body: V1SubscriptionWebhook, sent: JsonObject): MappingResult {
  const checked = v1Schemas().statusTransition.safeParse(sent);
  if (!checked.success) return { problem: problemOf(checked.error.issues, sent, 'data') };
  const { currentStatus, previousStatus, updatedAt, ...others } = checked.data;
  const uuid = body.subscriptionUUID ?? '';
  const before = inV2(previousStatus);
  const data: SubscriptionStatusChange = {
    ...others,
    ...present({
      uuid,
      reference: body.subscriptionReference ?? undefined,
      ...inV2(currentStatus),
      previousStatus: before?.status,
      previousActionRequired: before?.actionRequired,
      updatedAt,
    }),
  };
  const parts = [canonicalId('sub@', uuid), previousStatus, currentStatus, updatedAt];
  // Without id or time, two transitions that differ could not be told apart by these.
  const unique = uuid && updatedAt ? parts.map((part) => part ?? '').join(':') : undefined;
  return { type: 'subscription.statusChanged', data, unique };
}

function inV2(status: string | null | undefined): StatusInV2 | undefined {
  return typeof status === 'string' ? wordOf(status) : undefined;
}

/** A v1 body under v2's names, before it gets its key. */
export type MappedEvent =
  | { readonly type: 'payment.completed'; readonly data: Payment }
  | { readonly type: 'subscription.created'; readonly data: Subscription }
  | { readonly type: 'subscription.billed'; readonly data: Bill }
  | { readonly type: 'subscription.statusChanged'; readonly data: SubscriptionStatusChange }
  | { readonly type: 'checkout.expired'; readonly data: ExpiredCheckout }
  | { readonly type: 'transaction.updated'; readonly data: TransactionUpdate }
  | { readonly type: 'unknown'; readonly data: unknown };

interface EventMeta {
  readonly test?: boolean | undefined;
  /** The type as sent, when `type` is `unknown`. */
  readonly sentType?: string | undefined;
  /** What tells this body from others of its type where its own id does not. */
  readonly unique?: string | undefined;
  /** As `unique`, but to be completed by a fingerprint of the body. */
  readonly prefix?: string | undefined;
}

/** What a v1 body says. */
export type MappedEventWithMeta = MappedEvent & EventMeta;

/** What a v1 body says, or why it cannot be read. */
export type MappingResult = MappedEventWithMeta | { readonly problem: string };

/** `fields` without those the server did not send, so that `in` and `Object.keys` tell the truth. */
export function present<Fields extends object>(fields: Fields): Fields {
  const kept = { ...fields };
  for (const [name, value] of Object.entries(kept)) {
    if (value === undefined) Reflect.deleteProperty(kept, name);
  }
  return kept;
}
