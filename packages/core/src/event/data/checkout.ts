import type {
  Extensible,
  Fee,
  Maybe,
  Period,
  TransactionStatus,
  TransactionType,
} from './common.js';

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
