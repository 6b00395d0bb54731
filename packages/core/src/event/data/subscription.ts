import type { Maybe, Open, Extensible, Period, Currency } from './common.js';

/** v2's spelling; v1's `past_due` and `trial_expired` are given in v2's, `low_on_funds` and `pending` as sent. */
export type SubscriptionStatus = Open<
  'trial' | 'trialExpired' | 'active' | 'pastDue' | 'paused' | 'stopped' | 'cancelled'
>;

/** A subscription (`sub@…`). Access is granted while `now < currentPeriodEnd`, whatever the status. */
export interface Subscription extends Extensible {
  readonly uuid: string;
  readonly reference?: Maybe<string>;
  readonly createdAt?: Maybe<string>;
  readonly updatedAt?: Maybe<string>;
  readonly from?: Maybe<string>;
  readonly to?: Maybe<string>;
  readonly productUuid?: Maybe<string>;
  readonly subscriptionHash?: Maybe<string>;
  readonly currencyId?: Maybe<number>;
  readonly currency?: Maybe<Currency>;
  readonly frequency?: Maybe<Period>;
  /** Decimal string. */
  readonly allowance?: Maybe<string>;
  readonly status?: Maybe<SubscriptionStatus>;
  readonly actionRequired?: Maybe<string>;
  readonly currentPeriodEnd?: Maybe<string>;
  /** Decimal string, USD. */
  readonly priceUsd?: Maybe<string>;
  readonly maxAmountPerPeriod?: Maybe<string>;
  readonly lastBillingDate?: Maybe<string>;
  readonly nextBillingDate?: Maybe<string>;
  readonly cancelledAt?: Maybe<string>;
  readonly cancellationReason?: Maybe<string>;
  readonly minimumCancellationDate?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly userUuid?: Maybe<string>;
  readonly customerUuid?: Maybe<string>;
  readonly customerReference?: Maybe<string>;
  readonly managementPageLink?: Maybe<string>;
}

/** A subscription that moved to another status. */
export interface SubscriptionStatusChange extends Subscription {
  readonly previousStatus?: Maybe<SubscriptionStatus>;
}

/** A subscription whose customer has something to do, or no longer has. */
export interface SubscriptionActionChange extends Subscription {
  readonly previousActionRequired?: Maybe<string>;
}

/** A subscription whose bill could not be collected. */
export interface SubscriptionBillingFailure extends Subscription {
  readonly reason?: Maybe<string>;
  readonly failureCode?: Maybe<string>;
  readonly billUuid?: Maybe<string>;
  /** Decimal string, USD. */
  readonly amountUsd?: Maybe<string>;
  readonly attempt?: Maybe<number>;
  readonly remainingAttempts?: Maybe<number>;
  readonly nextAttemptAt?: Maybe<string>;
}

/** A subscription that will be billed soon. */
export interface SubscriptionUpcomingBill extends Subscription {
  readonly billingDate?: Maybe<string>;
  /** USD; a number here, unlike in `subscription.billingFailed`. */
  readonly amountUsd?: Maybe<number>;
  readonly trialEnding?: Maybe<boolean>;
  readonly balanceSufficient?: Maybe<boolean>;
  readonly allowanceSufficient?: Maybe<boolean>;
}
