/**
 * What events say, under v2's names for both API generations.
 *
 * Servers leave out zero values, and v1 knows fewer facts than v2: so every field but the id may be absent or null.
 * Fields that this kit does not know yet are kept on the object. Amounts in min units and some USD prices are decimal
 * strings, as sent: never turn them into numbers. Timestamps are RFC 3339 text with the sender's offset and precision.
 */

/** A field that a server may leave out or send as null. */
export type Maybe<T> = T | null | undefined;

/** A value of a growing enum: the known ones complete in an editor, any other is kept. */
export type Open<T extends string> = T | (string & {});

/** Fields newer than this kit. */
export interface Extensible {
  readonly [field: string]: unknown;
}

/** A period, e.g. `{ value: 1, unit: 'months' }`. */
export interface Period extends Extensible {
  readonly value?: Maybe<number>;
  readonly unit?: Maybe<
    Open<'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'>
  >;
}

/** The coin of a token's chain. */
export interface MainCurrency extends Extensible {
  readonly id?: Maybe<number>;
  readonly name?: Maybe<string>;
  readonly symbol?: Maybe<string>;
  readonly decimals?: Maybe<number>;
  readonly address?: Maybe<string>;
  readonly mainCurrencyId?: Maybe<number>;
  readonly test?: Maybe<boolean>;
}

/** A token or coin. */
export interface Currency extends MainCurrency {
  readonly mainCurrency?: Maybe<MainCurrency>;
}

/** One fee of a payment; `amountUsd` as sent. */
export interface Fee extends Extensible {
  readonly type?: Maybe<string>;
  readonly label?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly amountUsd?: Maybe<number | string>;
}

/** How a transaction was split and where it stands on its chain. */
export interface TransactionMetadata extends Extensible {
  readonly feePercent?: Maybe<number>;
  readonly organizationFee?: unknown;
  readonly referralFee?: unknown;
  readonly txMetadata?: unknown;
  readonly txAmounts?: unknown;
}

/** What a payment and a subscription's bill have in common. */
interface Settled extends Extensible {
  readonly uuid: string;
  readonly createdAt?: Maybe<string>;
  readonly from?: Maybe<string>;
  readonly to?: Maybe<string>;
  /** USD. */
  readonly amount?: Maybe<number>;
  /** Decimal string. */
  readonly amountMinUnits?: Maybe<string>;
  readonly currencyId?: Maybe<number>;
  readonly currency?: Maybe<Currency>;
  readonly txHash?: Maybe<string>;
  readonly chain?: Maybe<string>;
  readonly explorerUrl?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly userUuid?: Maybe<string>;
  readonly name?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly productUuid?: Maybe<string>;
  readonly customerUuid?: Maybe<string>;
  readonly customerReference?: Maybe<string>;
  readonly metadata?: Maybe<TransactionMetadata>;
  readonly confirmedAt?: Maybe<string>;
  /** Decimal string. */
  readonly paidMinUnits?: Maybe<string>;
  readonly paidUsd?: Maybe<number | string>;
}

/** A completed one-time payment (`pay@…`). */
export interface Payment extends Settled {
  /** The merchant's order id. */
  readonly reference?: Maybe<string>;
  /** USD. */
  readonly price?: Maybe<number | string>;
  readonly fees?: Maybe<readonly Fee[]>;
  readonly note?: Maybe<string>;
  readonly checkoutOpenedAt?: Maybe<string>;
  readonly managementPageLink?: Maybe<string>;
}

/** One billing of a subscription (`sub-hist@…`). */
export interface Bill extends Settled {
  readonly subscriptionUuid?: Maybe<string>;
  readonly subscriptionReference?: Maybe<string>;
  readonly subscriptionStatus?: Maybe<SubscriptionStatus>;
  readonly periodStart?: Maybe<string>;
  readonly periodEnd?: Maybe<string>;
}

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

/** A refund (`refund@…`) of the transaction `txUuid`. */
export interface Refund extends Extensible {
  readonly uuid: string;
  readonly txUuid?: Maybe<string>;
  readonly reason?: Maybe<string>;
  readonly status?: Maybe<Open<'pending' | 'approved' | 'rejected'>>;
  readonly createdAt?: Maybe<string>;
  readonly merchantMessage?: Maybe<string>;
  readonly respondedAt?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly userUuid?: Maybe<string>;
  readonly txHash?: Maybe<string>;
  readonly initiatedBy?: Maybe<string>;
  readonly held?: Maybe<boolean>;
  /** Decimal string. */
  readonly paidMinUnits?: Maybe<string>;
  readonly paidUsd?: Maybe<number | string>;
  readonly refundPercent?: Maybe<number>;
  /** Decimal string. */
  readonly amountMinUnits?: Maybe<string>;
  readonly amountUsd?: Maybe<number | string>;
  readonly currencyId?: Maybe<number>;
  readonly metadata?: Maybe<TransactionMetadata>;
  readonly chain?: Maybe<string>;
  readonly explorerUrl?: Maybe<string>;
}

/** A marketplace member. */
export interface Member extends Extensible {
  readonly userUuid?: Maybe<string>;
  readonly name?: Maybe<string>;
  readonly lastName?: Maybe<string>;
  readonly email?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly organizationFeePercent?: Maybe<number>;
  readonly trustedAt?: Maybe<string>;
  readonly joinedAt?: Maybe<string>;
  readonly acceptedCurrencyIds?: Maybe<readonly number[]>;
  readonly spaceUuid?: Maybe<string>;
  readonly invitationUuid?: Maybe<string>;
}

/** The transfer that paid out held funds. */
export interface HeldFundsRelease extends Extensible {
  readonly uuid: string;
  readonly createdAt?: Maybe<string>;
  readonly from?: Maybe<string>;
  readonly to?: Maybe<string>;
  readonly amount?: Maybe<number>;
  /** Decimal string. */
  readonly amountMinUnits?: Maybe<string>;
  readonly currencyId?: Maybe<number>;
  readonly currency?: Maybe<Currency>;
  readonly txHash?: Maybe<string>;
  readonly chain?: Maybe<string>;
  readonly explorerUrl?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly userUuid?: Maybe<string>;
  readonly received?: unknown;
  readonly type?: Maybe<string>;
  readonly txMetadata?: unknown;
  readonly ledgers?: Maybe<readonly unknown[]>;
}

/** A checkout session that ended unpaid. */
export interface ExpiredCheckout extends Extensible {
  readonly uuid: string;
  readonly reference?: Maybe<string>;
  readonly productUuid?: Maybe<string>;
  readonly productReference?: Maybe<string>;
  readonly productName?: Maybe<string>;
  readonly description?: Maybe<string>;
  readonly price?: Maybe<number | string>;
  readonly successUrl?: Maybe<string>;
  readonly cancelUrl?: Maybe<string>;
  readonly redirectUrl?: Maybe<string>;
  readonly organizationName?: Maybe<string>;
  readonly userName?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly txType?: Maybe<TransactionType>;
  readonly availableCurrencyIds?: Maybe<readonly number[]>;
  readonly createdAt?: Maybe<string>;
  readonly expiresAt?: Maybe<string>;
  readonly frequency?: unknown;
  readonly trialPeriod?: unknown;
  readonly minPeriods?: Maybe<number>;
  readonly upgradingFromTrial?: Maybe<boolean>;
}

/** The dashboard's connectivity test (v2). */
export interface WebhookTest extends Extensible {
  readonly endpointUuid?: Maybe<string>;
  readonly message?: Maybe<string>;
}

/** What v1's transaction webhook reports beside completion and expiry. */
export interface TransactionUpdate extends Extensible {
  readonly uuid: string;
  readonly txType?: Maybe<TransactionType>;
  readonly status?: Maybe<TransactionStatus>;
  readonly txHash?: Maybe<string>;
  readonly message?: Maybe<string>;
  readonly reference?: Maybe<string>;
  readonly customerUuid?: Maybe<string>;
  readonly customerReference?: Maybe<string>;
  readonly managementPageLink?: Maybe<string>;
}

/** v1's transaction types. */
export type TransactionType = Open<
  | 'payment'
  | 'createSubscription'
  | 'cancelSubscription'
  | 'executeSubscription'
  | 'createPAYGSubscription'
  | 'cancelPAYGSubscription'
  | 'increaseAllowance'
  | 'updateMaxAmount'
  | 'transfer'
  | 'tokenTransfer'
  | 'refund'
  | 'faucet'
  | 'claimFunds'
>;

/** Status of a transaction; v2 knows `created`, `waitingConfirmation`, `completed` and `expired` only. */
export type TransactionStatus = Open<
  'created' | 'waitingConfirmation' | 'pending' | 'completed' | 'failed' | 'cancelled' | 'expired'
>;
