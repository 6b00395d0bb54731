import type { V1Body } from '../protocol/v1/schemas.js';
import type { V2Envelope } from '../protocol/v2/schemas.js';
import type { ExpiredCheckout, Member, TransactionUpdate, WebhookTest } from './data.js';
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

/** A record, so that no type can be forgotten here. */
const TYPES: Readonly<Record<KnownEventType, true>> = {
  'payment.completed': true,
  'subscription.created': true,
  'subscription.billed': true,
  'subscription.statusChanged': true,
  'subscription.actionRequiredChanged': true,
  'subscription.billingFailed': true,
  'subscription.upcomingBill': true,
  'refund.requested': true,
  'refund.completed': true,
  'refund.denied': true,
  'member.joined': true,
  'member.removed': true,
  'heldFunds.released': true,
  'checkout.expired': true,
  'transaction.updated': true,
  'webhook.test': true,
};

/** Every event type this kit knows, by name. */
export const KNOWN_EVENT_TYPES: ReadonlySet<string> = new Set(Object.keys(TYPES));

/** Whether this kit has events of a type; `constructor` and `__proto__`, which every object has, are none. */
export function isUnderstoodType(type: string): type is KnownEventType {
  return Object.hasOwn(TYPES, type);
}
