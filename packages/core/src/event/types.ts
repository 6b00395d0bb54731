import type * as z from 'zod';
import type { V1Body } from '../protocol/v1/schemas.js';
import { dataSchemas, type V2Envelope } from '../protocol/v2/schemas.js';
import type {
  ExpiredCheckout,
  Member,
  TransactionStatus,
  TransactionUpdate,
  WebhookTest,
} from './data.js';
import type { IdPrefix } from './keys.js';
import type { Bill, HeldFundsRelease, Payment, Refund } from './payment-data.js';
import type {
  Subscription,
  SubscriptionActionChange,
  SubscriptionBillingFailure,
  SubscriptionStatusChange,
  SubscriptionUpcomingBill,
} from './subscription-data.js';

/** Events that both API generations report. */
interface DataOfBoth {
  'payment.completed': Payment;
  'subscription.created': Subscription;
  'subscription.billed': Bill;
  'subscription.statusChanged': SubscriptionStatusChange;
  'checkout.expired': ExpiredCheckout;
}

/** Events that only v2 reports. */
interface DataOfV2 {
  'subscription.actionRequiredChanged': SubscriptionActionChange;
  'subscription.billingFailed': SubscriptionBillingFailure;
  'subscription.upcomingBill': SubscriptionUpcomingBill;
  'refund.requested': Refund;
  'refund.completed': Refund;
  'refund.denied': Refund;
  'member.joined': Member;
  'member.removed': Member;
  'heldFunds.released': HeldFundsRelease;
  'webhook.test': WebhookTest;
}

/** Events that only v1 reports. */
interface DataOfV1 {
  'transaction.updated': TransactionUpdate;
}

/** What each known event type carries in `data`. */
export interface EventData extends DataOfBoth, DataOfV2, DataOfV1 {}

/** The event types this kit knows. */
export type KnownEventType = keyof EventData;

/** The event types that v2 documents. */
export type V2EventType = Exclude<KnownEventType, keyof DataOfV1>;

/** What every event has, whatever its type and generation. */
interface EventFacts {
  /** v2: the envelope's id, the same on every retry. v1 sends none: the idempotency key stands in. */
  readonly id: string;
  /** The idempotency key: names what happened, the same for v1, v2, return page and recovery. */
  readonly key: string;
  /** The transaction the event is about; its events never run at the same time in one process. */
  readonly subject: string;
  /** RFC 3339, as sent; v1 sends none. */
  readonly createdAt?: string | undefined;
  /** Whether this is test money; `undefined` where the sender does not say (v1's subscription webhook). */
  readonly test?: boolean | undefined;
  /** The marketplace member it concerns (v2). */
  readonly userUuid?: string | undefined;
}

interface OfV1 {
  readonly version: 'v1';
  /** The body as sent. */
  readonly raw: V1Body;
}

interface OfV2 {
  readonly version: 'v2';
  /** The envelope as sent. */
  readonly raw: V2Envelope;
}

type VersionOf<Type extends KnownEventType> = Type extends keyof DataOfV1
  ? OfV1
  : Type extends keyof DataOfV2
    ? OfV2
    : OfV1 | OfV2;

/** An event of one known type, e.g. `EventOf<'payment.completed'>`. */
export type EventOf<Type extends KnownEventType> = Type extends KnownEventType
  ? EventFacts & VersionOf<Type> & { readonly type: Type; readonly data: EventData[Type] }
  : never;

/** An event of a type newer than this kit: kept, answered 200, handed to `onUnknown`. */
export type UnknownEvent = EventFacts &
  (OfV1 | OfV2) & {
    readonly type: 'unknown';
    /** The type as sent. */
    readonly sentType: string;
    readonly data: unknown;
  };

/** Any event of a known type. */
export type KnownEvent = EventOf<KnownEventType>;

/** Any event: a union told apart by `type`, and by `version` as far as `raw` goes. */
export type WebhookEvent = KnownEvent | UnknownEvent;

/** An id in an event's data, and the prefix under which it is compared: fixed, or that of the transaction's type. */
export interface NamedId {
  readonly field: 'uuid' | 'txUuid' | 'subscriptionUuid';
  readonly prefix: IdPrefix | 'of txType';
}

/** What there is to know of a type of event. */
export interface EventTypeRow {
  /** What `data` must look like in v2's envelope. Absent where v2 has no such event. */
  readonly schema?: () => z.ZodObject;
  /** What happened is named by this id, whoever reports it. Absent where the event's own id names it. */
  readonly key?: NamedId;
  /** The transaction it is about. Absent where that is none, and the event its own subject. */
  readonly subject?: NamedId;
  /** Where the transaction stands, by the event alone. Absent where the API is to be asked. */
  readonly status?: TransactionStatus;
}

const PAYMENT: NamedId = { field: 'uuid', prefix: 'pay@' };
const SUBSCRIPTION: NamedId = { field: 'uuid', prefix: 'sub@' };
const BILL: NamedId = { field: 'uuid', prefix: 'sub-hist@' };
const BILLED: NamedId = { field: 'subscriptionUuid', prefix: 'sub@' };
const REFUND: NamedId = { field: 'uuid', prefix: 'refund@' };
const REFUNDED: NamedId = { field: 'txUuid', prefix: 'pay@' };
const TRANSACTION: NamedId = { field: 'uuid', prefix: 'of txType' };

/** Every event type this kit knows: a new one is a row here beside the type of its data above. */
export const EVENT_TYPES = {
  'payment.completed': {
    schema: () => dataSchemas().payment,
    key: PAYMENT,
    subject: PAYMENT,
    status: 'completed',
  },
  'subscription.created': {
    schema: () => dataSchemas().subscription,
    key: SUBSCRIPTION,
    subject: SUBSCRIPTION,
    status: 'completed',
  },
  'subscription.billed': { schema: () => dataSchemas().bill, key: BILL, subject: BILLED },
  'subscription.statusChanged': { schema: () => dataSchemas().statusChange, subject: SUBSCRIPTION },
  'subscription.actionRequiredChanged': {
    schema: () => dataSchemas().actionChange,
    subject: SUBSCRIPTION,
  },
  'subscription.billingFailed': {
    schema: () => dataSchemas().billingFailure,
    subject: SUBSCRIPTION,
  },
  'subscription.upcomingBill': { schema: () => dataSchemas().upcomingBill, subject: SUBSCRIPTION },
  'refund.requested': { schema: () => dataSchemas().refund, key: REFUND, subject: REFUNDED },
  'refund.completed': { schema: () => dataSchemas().refund, key: REFUND, subject: REFUNDED },
  'refund.denied': { schema: () => dataSchemas().refund, key: REFUND, subject: REFUNDED },
  'member.joined': { schema: () => dataSchemas().member },
  'member.removed': { schema: () => dataSchemas().member },
  'heldFunds.released': { schema: () => dataSchemas().heldFunds },
  'checkout.expired': {
    schema: () => dataSchemas().expiredCheckout,
    key: TRANSACTION,
    subject: TRANSACTION,
    status: 'expired',
  },
  'transaction.updated': { subject: TRANSACTION },
  'webhook.test': { schema: () => dataSchemas().webhookTest },
} as const satisfies Readonly<Record<KnownEventType, EventTypeRow>>;

/** What types newer than this kit are about, by the beginning of their names. */
const FAMILIES: readonly (readonly [string, EventTypeRow])[] = [
  ['subscription.', { subject: SUBSCRIPTION }],
  ['refund.', { subject: REFUNDED }],
];

/** Every event type this kit knows, by name. */
export const KNOWN_EVENT_TYPES: ReadonlySet<string> = new Set(Object.keys(EVENT_TYPES));

/** A map: `constructor` and `__proto__`, which every object has, are none of them. */
const ROWS: ReadonlyMap<string, EventTypeRow> = new Map(Object.entries(EVENT_TYPES));

/** Whether this kit has events of a type. */
export function isUnderstoodType(type: string): type is KnownEventType {
  return ROWS.has(type);
}

/** What there is to know of a type; of one newer than this kit, what its family tells. */
export function rowOf(type: string): EventTypeRow | undefined {
  const row = ROWS.get(type);
  if (row !== undefined) return row;
  return FAMILIES.find(([beginning]) => type.startsWith(beginning))?.[1];
}
