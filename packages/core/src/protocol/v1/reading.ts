import type {
  Bill,
  ExpiredCheckout,
  Payment,
  Subscription,
  SubscriptionStatusChange,
  TransactionUpdate,
} from '../../event/data.js';

/** A v1 body under v2's names, before it gets its key. */
export type Said =
  | { readonly type: 'payment.completed'; readonly data: Payment }
  | { readonly type: 'subscription.created'; readonly data: Subscription }
  | { readonly type: 'subscription.billed'; readonly data: Bill }
  | { readonly type: 'subscription.statusChanged'; readonly data: SubscriptionStatusChange }
  | { readonly type: 'checkout.expired'; readonly data: ExpiredCheckout }
  | { readonly type: 'transaction.updated'; readonly data: TransactionUpdate }
  | { readonly type: 'unknown'; readonly data: unknown };

interface Circumstances {
  readonly test?: boolean | undefined;
  /** The type as sent, when `type` is `unknown`. */
  readonly sentType?: string | undefined;
  /** What tells this body from others of its type where its own id does not. */
  readonly unique?: string | undefined;
  /** As `unique`, but to be completed by a fingerprint of the body. */
  readonly prefix?: string | undefined;
}

/** What a v1 body says. */
export type GoodReading = Said & Circumstances;

/** What a v1 body says, or why it cannot be read. */
export type Reading = GoodReading | { readonly problem: string };

/** `fields` without those the server did not send, so that `in` and `Object.keys` tell the truth. */
export function present<Fields extends object>(fields: Fields): Fields {
  const kept = { ...fields };
  for (const [name, value] of Object.entries(kept)) {
    if (value === undefined) Reflect.deleteProperty(kept, name);
  }
  return kept;
}
