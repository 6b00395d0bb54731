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
  /** How many units. */
  readonly value?: Maybe<number>;
  /** Of what; a month is a calendar month on v2. */
  readonly unit?: Maybe<
    Open<'seconds' | 'minutes' | 'hours' | 'days' | 'weeks' | 'months' | 'years'>
  >;
}

/** The coin of a token's chain. */
export interface MainCurrency extends Extensible {
  /** QBitFlow's number of it. */
  readonly id?: Maybe<number>;
  /** E.g. `Ether`. */
  readonly name?: Maybe<string>;
  /** E.g. `ETH`. */
  readonly symbol?: Maybe<string>;
  /** How many decimal places an amount in min units has. */
  readonly decimals?: Maybe<number>;
  /** The token's contract; absent for a chain's own coin. */
  readonly address?: Maybe<string>;
  /** The number of the chain's own coin. */
  readonly mainCurrencyId?: Maybe<number>;
  /** Whether it is of a test network. */
  readonly test?: Maybe<boolean>;
}

/** A token or coin. */
export interface Currency extends MainCurrency {
  /** The chain's own coin, in which its fees are paid; null for that coin itself. */
  readonly mainCurrency?: Maybe<MainCurrency>;
}

/** The chain a transaction is on. */
export type Chain = Open<'ETH' | 'BASE' | 'SOL'>;

/** One fee of a payment. */
export interface Fee extends Extensible {
  /** `processingFee`: what QBitFlow adds; `custom`: what the merchant added to the session. */
  readonly type?: Maybe<Open<'custom' | 'processingFee'>>;
  /** What the customer was shown. */
  readonly label?: Maybe<string>;
  /** More about it, where the merchant said more. */
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
  /** QBitFlow's id of the member. */
  readonly userUuid?: Maybe<string>;
  /** Given name. Personal data. */
  readonly name?: Maybe<string>;
  /** Family name. Personal data. */
  readonly lastName?: Maybe<string>;
  /** Personal data. */
  readonly email?: Maybe<string>;
  /** Whether it is a member of test mode. */
  readonly test?: Maybe<boolean>;
  /** The marketplace's part of the member's sales, in percent. */
  readonly organizationFeePercent?: Maybe<number>;
  /** Since when the member is trusted. */
  readonly trustedAt?: Maybe<string>;
  /** When the member joined. */
  readonly joinedAt?: Maybe<string>;
  /** Numbers of the currencies the member takes. */
  readonly acceptedCurrencyIds?: Maybe<readonly number[]>;
  /** The space the member belongs to. */
  readonly spaceUuid?: Maybe<string>;
  /** The invitation it came by. */
  readonly invitationUuid?: Maybe<string>;
}

/** A checkout session that ended unpaid. A look on v2 tells its `uuid` and nothing more. */
export interface ExpiredCheckout extends Extensible {
  /** The session: `pay@…` or `sub@…`. */
  readonly uuid: string;
  /** The merchant's order id. v2: webhook only. */
  readonly reference?: string | undefined;
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
  /** What the session was for. */
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
  /** The endpoint that is tested. */
  readonly endpointUuid?: Maybe<string>;
  /** A sentence for people. */
  readonly message?: Maybe<string>;
}

/** What v1's transaction webhook reports beside completion and expiry. */
export interface TransactionUpdate extends Extensible {
  /** The transaction. */
  readonly uuid: string;
  /** What kind of transaction it is. */
  readonly txType?: Maybe<TransactionType>;
  /** Where it stands now. */
  readonly status?: Maybe<TransactionStatus>;
  /** Its hash on the chain, once it is sent. */
  readonly txHash?: Maybe<string>;
  /** A sentence for people. */
  readonly message?: Maybe<string>;
  /** The merchant's order id. */
  readonly reference?: string | undefined;
  /** QBitFlow's id of the customer. */
  readonly customerUuid?: Maybe<string>;
  /** The merchant's id of the customer. */
  readonly customerReference?: Maybe<string>;
  /** Where the customer manages it. */
  readonly managementPageLink?: Maybe<string>;
}
