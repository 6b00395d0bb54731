import type { Maybe, Open, Extensible, Currency, Fee, TransactionMetadata } from './common.js';
import type { SubscriptionStatus } from './subscription.js';

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
