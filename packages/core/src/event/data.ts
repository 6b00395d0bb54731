/**
 * What events say, under v2's names for both API generations.
 *
 * Servers leave out zero values, and v1 knows fewer facts than v2: so every field but the id may be absent or null.
 * Fields that this kit does not know yet are kept on the object. Amounts in min units and some USD prices are decimal
 * strings, as sent: never turn them into numbers. Timestamps are RFC 3339 text with the sender's offset and precision.
 *
 * An event comes by its webhook (`recover()` reads the same bodies), or from a look at what the API says of the payment
 * or subscription (a return page, a watcher, `recheck()`), whichever was first. "Webhook only" marks what no look
 * tells, "look only" what v1's webhook does not say, "v2 only" what v1 says in neither way.
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

/** The chain a transaction is on. */
export type Chain = Open<'ETH' | 'BASE' | 'SOL'>;

/** One fee of a payment. */
export interface Fee extends Extensible {
  readonly type?: Maybe<Open<'custom' | 'processingFee'>>;
  readonly label?: Maybe<string>;
  readonly description?: Maybe<string>;
  /** Decimal string, USD. */
  readonly amountUsd?: Maybe<string>;
}

/** Transaction types; v1 writes `PAYG`, v2 `Payg`. */
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
  | 'forceCancelSubscription'
  | 'releaseHeldFunds'
  | 'createPaygSubscription'
  | 'cancelPaygSubscription'
>;

/** Status of a transaction; v2 knows `created`, `waitingConfirmation`, `completed` and `expired` only. */
export type TransactionStatus = Open<
  'created' | 'waitingConfirmation' | 'pending' | 'completed' | 'failed' | 'cancelled' | 'expired'
>;

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

/** A checkout session that ended unpaid. A look on v2 tells its `uuid` and nothing more. */
export interface ExpiredCheckout extends Extensible {
  readonly uuid: string;
  /** The merchant's order id. v2: webhook only. */
  readonly reference?: Maybe<string>;
  /** Webhook only, v2 only. */
  readonly productUuid?: Maybe<string>;
  /** v2: webhook only. */
  readonly productReference?: Maybe<string>;
  /** v2: webhook only. */
  readonly productName?: Maybe<string>;
  /** v2: webhook only. */
  readonly description?: Maybe<string>;
  /** USD, without fees. v2: webhook only. */
  readonly price?: Maybe<number>;
  /** Webhook only, v2 only. */
  readonly fees?: Maybe<readonly Fee[]>;
  /** USD, fees included. Webhook only, v2 only. */
  readonly amount?: Maybe<number>;
  /** The merchant's page on v1, on v2 QBitFlow's own. Webhook only. */
  readonly successUrl?: Maybe<string>;
  /** Webhook only. */
  readonly cancelUrl?: Maybe<string>;
  /** The merchant's success page. Webhook only, v2 only. */
  readonly redirectUrl?: Maybe<string>;
  /** v2: webhook only. */
  readonly organizationName?: Maybe<string>;
  /** Webhook only. */
  readonly userName?: Maybe<string>;
  /** v2: webhook only. */
  readonly test?: Maybe<boolean>;
  readonly txType?: Maybe<TransactionType>;
  /** Webhook only. */
  readonly availableCurrencyIds?: Maybe<readonly number[]>;
  /** Webhook only, v2 only. */
  readonly createdAt?: Maybe<string>;
  /** Webhook only, v2 only. */
  readonly expiresAt?: Maybe<string>;
  /** Of a subscription. Webhook only. */
  readonly frequency?: Maybe<Period>;
  /** Of a subscription. Webhook only. */
  readonly trialPeriod?: Maybe<Period>;
  /** Of a subscription. Webhook only. */
  readonly minPeriods?: Maybe<number>;
  /** Of a subscription. Webhook only. */
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
