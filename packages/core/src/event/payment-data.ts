import type { Chain, Currency, Extensible, Fee, Maybe, Open } from './data.js';
import type { SubscriptionStatus } from './subscription-data.js';

/** What a payment and a subscription's bill have in common. */
interface Settled extends Extensible {
  readonly uuid: string;
  /** v1's payments: look only. */
  readonly createdAt?: Maybe<string>;
  /** The customer's wallet. v1's payments: look only. */
  readonly from?: Maybe<string>;
  /** The merchant's wallet. v1's payments: look only. */
  readonly to?: Maybe<string>;
  /** USD, fees included. v1's payments: look only, its webhook has `price`. */
  readonly amount?: Maybe<number>;
  /** Decimal string. v1's payments: look only. */
  readonly amountMinUnits?: Maybe<string>;
  /** v1's payments: look only. */
  readonly currencyId?: Maybe<number>;
  /** v1's payments: look only. */
  readonly currency?: Maybe<Currency>;
  readonly txHash?: Maybe<string>;
  /** v2 only. */
  readonly chain?: Maybe<Chain>;
  /** v2 only. */
  readonly explorerUrl?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  /** v2 only. */
  readonly userUuid?: Maybe<string>;
  /** The product's name. */
  readonly name?: Maybe<string>;
  /** The product's description. */
  readonly description?: Maybe<string>;
  /** v2 only; v1 knows products by number (`productId`, look only). */
  readonly productUuid?: Maybe<string>;
  readonly customerUuid?: Maybe<string>;
  readonly customerReference?: Maybe<string>;
  /** v1's payments: look only. */
  readonly metadata?: Maybe<TransactionMetadata>;
  /** v2 only. */
  readonly confirmedAt?: Maybe<string>;
  /** Decimal string. v2 only. */
  readonly paidMinUnits?: Maybe<string>;
  /** USD. v2 only. */
  readonly paidUsd?: Maybe<number>;
}

/** A completed one-time payment (`pay@…`). */
export interface Payment extends Settled {
  /** The merchant's order id. */
  readonly reference?: Maybe<string>;
  /** USD, without fees. */
  readonly price?: Maybe<number>;
  /** `[]` when there are none. v2 only. */
  readonly fees?: Maybe<readonly Fee[]>;
  /** v2 only. */
  readonly note?: Maybe<string>;
  /** v2 only. */
  readonly checkoutOpenedAt?: Maybe<string>;
  /** Where the customer manages the payment. Webhook only, on both generations. */
  readonly managementPageLink?: Maybe<string>;
}

/** One billing of a subscription (`sub-hist@…`). Bills come by webhook or `recover()`, never from a look. */
export interface Bill extends Settled {
  readonly subscriptionUuid?: Maybe<string>;
  /** The merchant's id of the subscription. */
  readonly subscriptionReference?: Maybe<string>;
  /** v2 only. */
  readonly subscriptionStatus?: Maybe<SubscriptionStatus>;
  /** v2 only. */
  readonly periodStart?: Maybe<string>;
  /** v2 only. */
  readonly periodEnd?: Maybe<string>;
}

/** The transfer that paid out held funds. */
export interface HeldFundsRelease extends Extensible {
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
  readonly chain?: Maybe<Chain>;
  readonly explorerUrl?: Maybe<string>;
  readonly test?: Maybe<boolean>;
  readonly userUuid?: Maybe<string>;
  readonly received?: unknown;
  readonly type?: Maybe<string>;
  readonly txMetadata?: Maybe<ChainMetadata>;
  readonly ledgers?: Maybe<readonly Ledger[]>;
}

/** What was held of one transaction, and was paid out with others. */
export interface Ledger extends Extensible {
  /** The payment or bill it was held of. */
  readonly txUuid?: Maybe<string>;
  readonly type?: Maybe<string>;
  readonly description?: Maybe<string>;
  /** Of a refund: the transaction that was refunded. */
  readonly refundedTxUuid?: Maybe<string>;
  /** USD. */
  readonly amount?: Maybe<number>;
  readonly metadata?: unknown;
  readonly currencyId?: Maybe<number>;
  /** Decimal string. */
  readonly owedMinUnits?: Maybe<string>;
  /** USD. */
  readonly owedUsd?: Maybe<number>;
  readonly createdAt?: Maybe<string>;
}

/** How a transaction was split and where it stands on its chain. Its insides are kept as sent and not checked. */
export interface TransactionMetadata extends Extensible {
  /** QBitFlow's part; v1's hundredths of a percent are given in percent. */
  readonly feePercent?: Maybe<number>;
  readonly organizationFee?: Maybe<OrganizationFee>;
  readonly referralFee?: Maybe<ReferralFee>;
  readonly txMetadata?: Maybe<ChainMetadata>;
  readonly txAmounts?: Maybe<TransactionAmounts>;
}

/** The marketplace's part. */
export interface OrganizationFee extends Extensible {
  readonly organization?: Maybe<string>;
  readonly feePercent?: Maybe<number>;
}

/** The referrer's part. */
export interface ReferralFee extends Extensible {
  /** v2 only. */
  readonly referrer?: Maybe<string>;
  readonly feePercent?: Maybe<number>;
  /** v2 only. */
  readonly deadline?: Maybe<string>;
}

/** What the chain says of a transaction. */
export interface ChainMetadata extends Extensible {
  readonly networkFees?: Maybe<NetworkFees>;
  readonly blockData?: Maybe<BlockData>;
  /** USD. */
  readonly mainCurrencyPriceUsd?: Maybe<number>;
}

/** What the network took, in the chain's smallest units. */
export interface NetworkFees extends Extensible {
  /** Decimal string. */
  readonly amount?: Maybe<string>;
  readonly unitsConsumed?: Maybe<number>;
  /** Decimal string. */
  readonly l1Fee?: Maybe<string>;
}

/** The block a transaction is in. */
export interface BlockData extends Extensible {
  /** Decimal string. */
  readonly number?: Maybe<string>;
  /** Unix seconds. */
  readonly timestamp?: Maybe<number>;
}

/** Who got how much. */
export interface TransactionAmounts extends Extensible {
  /** USD. */
  readonly usd?: Maybe<Shares<number>>;
  /** Decimal strings. */
  readonly minUnits?: Maybe<Shares<string>>;
}

/** One amount for each who has a part. */
export interface Shares<Amount> extends Extensible {
  readonly platform?: Maybe<Amount>;
  readonly organization?: Maybe<Amount>;
  readonly referral?: Maybe<Amount>;
  readonly merchant?: Maybe<Amount>;
  readonly networkFee?: Maybe<Amount>;
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
  /** USD. */
  readonly paidUsd?: Maybe<number>;
  readonly refundPercent?: Maybe<number>;
  /** Decimal string. */
  readonly amountMinUnits?: Maybe<string>;
  /** USD. */
  readonly amountUsd?: Maybe<number>;
  readonly currencyId?: Maybe<number>;
  readonly metadata?: Maybe<ChainMetadata>;
  readonly chain?: Maybe<Chain>;
  readonly explorerUrl?: Maybe<string>;
}
