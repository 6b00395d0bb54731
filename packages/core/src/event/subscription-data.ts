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
  /** The subscription (`sub@…`). */
  readonly uuid: string;
  /** The merchant's id of it. */
  readonly reference?: string | undefined;
  /** When it was made. v1: look only. */
  readonly createdAt?: Maybe<string>;
  /** When it last changed. v1: look only, and in a change of status. */
  readonly updatedAt?: Maybe<string>;
  /** The customer's wallet. v1: look only. */
  readonly from?: Maybe<string>;
  /** The merchant's wallet. v1: look only. */
  readonly to?: Maybe<string>;
  /** v2 only; v1 knows products by number (`productId`, look only). */
  readonly productUuid?: Maybe<string>;
  /** The transaction that made it. v1: look only. */
  readonly subscriptionHash?: Maybe<string>;
  /** The number of the currency it is billed in. v1: look only. */
  readonly currencyId?: Maybe<number>;
  /** The currency it is billed in. v1: look only. */
  readonly currency?: Maybe<Currency>;
  /** How often it is billed. v1 counts seconds: `{ value: 2592000, unit: 'seconds' }` is what v2 calls a month. */
  readonly frequency?: Maybe<Period>;
  /** What its contract may still take, in smallest units: a decimal string. v1: look only. */
  readonly allowance?: Maybe<string>;
  /** Where it stands. v1: look only, and in a change of status. */
  readonly status?: Maybe<SubscriptionStatus>;
  /** What the customer has to do; null for nothing. v1: look only, and in a change of status. */
  readonly actionRequired?: Maybe<RequiredAction>;
  /** Until when it is paid: access while `now` is before it. v2 only. */
  readonly currentPeriodEnd?: Maybe<string>;
  /** What a period costs: a decimal string, USD. v1: webhook only. */
  readonly priceUsd?: Maybe<string>;
  /** What its contract may take for a period at most, in smallest units: a decimal string. v2 only. */
  readonly maxAmountPerPeriod?: Maybe<string>;
  /** When it was last billed. v1: look only. */
  readonly lastBillingDate?: Maybe<string>;
  /** When it will be billed next. v1: look only. */
  readonly nextBillingDate?: Maybe<string>;
  /** When it was cancelled. v1: look only. */
  readonly cancelledAt?: Maybe<string>;
  /** Why it ended. v1: look only. */
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
  /** Before when it cannot be cancelled. v1: look only. */
  readonly minimumCancellationDate?: Maybe<string>;
  /** Whether it is test money. */
  readonly test?: Maybe<boolean>;
  /** The marketplace member it is for. v2 only. */
  readonly userUuid?: Maybe<string>;
  /** QBitFlow's id of the customer. */
  readonly customerUuid?: Maybe<string>;
  /** The merchant's id of the customer. */
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
  /** Where it stood before. */
  readonly previousStatus?: Maybe<SubscriptionStatus>;
  /** v1 only, which tells it as a status; v2 has an event of its own. */
  readonly previousActionRequired?: Maybe<RequiredAction>;
}

/** A subscription whose customer has something to do, or no longer has. */
export interface SubscriptionActionChange extends Subscription {
  /** What the customer had to do before; null for nothing. */
  readonly previousActionRequired?: Maybe<RequiredAction>;
}

/** A subscription whose bill could not be collected. */
export interface SubscriptionBillingFailure extends Subscription {
  /** Why, in a word. */
  readonly reason?: Maybe<
    Open<
      | 'insufficientBalance'
      | 'allowanceExhausted'
      | 'approvalRevoked'
      | 'maxAmountExceeded'
      | 'other'
    >
  >;
  /** Why, in more detail. */
  readonly failureCode?: Maybe<string>;
  /** The bill (`sub-hist@…`). */
  readonly billUuid?: Maybe<string>;
  /** What could not be collected: a decimal string, USD. */
  readonly amountUsd?: Maybe<string>;
  /** Which attempt it was, from 1. */
  readonly attempt?: Maybe<number>;
  /** How many are left before it ends. */
  readonly remainingAttempts?: Maybe<number>;
  /** When it is tried again. */
  readonly nextAttemptAt?: Maybe<string>;
}

/** A subscription that will be billed soon; without a `managementPageLink`. */
export interface SubscriptionUpcomingBill extends Subscription {
  /** When it will be billed. */
  readonly billingDate?: Maybe<string>;
  /** USD; a number here, unlike in `subscription.billingFailed`. */
  readonly amountUsd?: Maybe<number>;
  /** Whether it is the first bill, after a trial. */
  readonly trialEnding?: Maybe<boolean>;
  /** Whether the customer's wallet has enough by now. */
  readonly balanceSufficient?: Maybe<boolean>;
  /** Whether the contract may take enough by now. */
  readonly allowanceSufficient?: Maybe<boolean>;
}
