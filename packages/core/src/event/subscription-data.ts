import type { Currency, Extensible, Maybe, Open, Period } from './data.js';

/**
 * v2's spelling for both generations. v1's `low_on_funds` and `pending` are no statuses of v2: they are told as
 * `active` with `actionRequired`, and a subscription that v1 calls stopped as `stopped`.
 */
export type SubscriptionStatus = Open<
  'trial' | 'trialExpired' | 'active' | 'pastDue' | 'paused' | 'stopped' | 'cancelled'
>;

/** What a subscription's customer has to do, or its bills will fail. v1's `low_on_funds` is `topUpAllowance`, its `pending` is `raiseMaximum`. */
export type RequiredAction = Open<'topUpAllowance' | 'raiseMaximum' | 'confirmTrial'>;

/** A subscription (`sub@…`). Access is granted while `now < currentPeriodEnd`, whatever the status. */
export interface Subscription extends Extensible {
  readonly uuid: string;
  /** The merchant's id of it. */
  readonly reference?: Maybe<string>;
  /** v1: look only. */
  readonly createdAt?: Maybe<string>;
  /** v1: look only, and in a change of status. */
  readonly updatedAt?: Maybe<string>;
  /** The customer's wallet. v1: look only. */
  readonly from?: Maybe<string>;
  /** The merchant's wallet. v1: look only. */
  readonly to?: Maybe<string>;
  /** v2 only; v1 knows products by number (`productId`, look only). */
  readonly productUuid?: Maybe<string>;
  /** v1: look only. */
  readonly subscriptionHash?: Maybe<string>;
  /** v1: look only. */
  readonly currencyId?: Maybe<number>;
  /** v1: look only. */
  readonly currency?: Maybe<Currency>;
  /** v1 counts seconds: `{ value: 2592000, unit: 'seconds' }` is what v2 calls a month. */
  readonly frequency?: Maybe<Period>;
  /** Decimal string. v1: look only. */
  readonly allowance?: Maybe<string>;
  /** v1: look only, and in a change of status. */
  readonly status?: Maybe<SubscriptionStatus>;
  /** v1: look only, and in a change of status. */
  readonly actionRequired?: Maybe<RequiredAction>;
  /** v2 only. */
  readonly currentPeriodEnd?: Maybe<string>;
  /** Decimal string, USD. v1: webhook only. */
  readonly priceUsd?: Maybe<string>;
  /** Decimal string. v2 only. */
  readonly maxAmountPerPeriod?: Maybe<string>;
  /** v1: look only. */
  readonly lastBillingDate?: Maybe<string>;
  /** v1: look only. */
  readonly nextBillingDate?: Maybe<string>;
  /** v1: look only. */
  readonly cancelledAt?: Maybe<string>;
  /** v1: look only. */
  readonly cancellationReason?: Maybe<
    Open<
      | 'customer'
      | 'merchant'
      | 'billingFailed'
      | 'trialNotConverted'
      | 'merchantClosed'
      | 'inactiveOnChain'
    >
  >;
  /** v1: look only. */
  readonly minimumCancellationDate?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  /** v2 only. */
  readonly userUuid?: Maybe<string>;
  readonly customerUuid?: Maybe<string>;
  readonly customerReference?: Maybe<string>;
  /** Where the customer manages the subscription. Webhook only, on both generations. */
  readonly managementPageLink?: Maybe<string>;
  /** The product's name. v1's webhook only. */
  readonly name?: Maybe<string>;
  /** The product's description. v1's webhook only. */
  readonly description?: Maybe<string>;
  /** The transaction that made it. v1's webhook only; see `subscriptionHash`. */
  readonly txHash?: Maybe<string>;
}

/** A subscription that moved to another status. v1 says only which, from what to what, and when. */
export interface SubscriptionStatusChange extends Subscription {
  readonly previousStatus?: Maybe<SubscriptionStatus>;
  /** v1 only, which tells it as a status; v2 has an event of its own. */
  readonly previousActionRequired?: Maybe<RequiredAction>;
}

/** A subscription whose customer has something to do, or no longer has. */
export interface SubscriptionActionChange extends Subscription {
  readonly previousActionRequired?: Maybe<RequiredAction>;
}

/** A subscription whose bill could not be collected. */
export interface SubscriptionBillingFailure extends Subscription {
  readonly reason?: Maybe<
    Open<
      | 'insufficientBalance'
      | 'allowanceExhausted'
      | 'approvalRevoked'
      | 'maxAmountExceeded'
      | 'other'
    >
  >;
  readonly failureCode?: Maybe<string>;
  readonly billUuid?: Maybe<string>;
  /** Decimal string, USD. */
  readonly amountUsd?: Maybe<string>;
  readonly attempt?: Maybe<number>;
  readonly remainingAttempts?: Maybe<number>;
  readonly nextAttemptAt?: Maybe<string>;
}

/** A subscription that will be billed soon; without a `managementPageLink`. */
export interface SubscriptionUpcomingBill extends Subscription {
  readonly billingDate?: Maybe<string>;
  /** USD; a number here, unlike in `subscription.billingFailed`. */
  readonly amountUsd?: Maybe<number>;
  readonly trialEnding?: Maybe<boolean>;
  readonly balanceSufficient?: Maybe<boolean>;
  readonly allowanceSufficient?: Maybe<boolean>;
}
