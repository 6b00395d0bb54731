import type { Maybe, Extensible, TransactionType, TransactionStatus } from './common.js';

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
