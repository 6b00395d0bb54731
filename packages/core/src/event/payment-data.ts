import type { Chain, Currency, Extensible, Fee, Maybe, Open } from './data.js';
import type { SubscriptionStatus } from './subscription-data.js';

/** What a payment and a subscription's bill have in common. */
interface Settled extends Extensible {
  /** The payment (`pay@…`) or the bill (`sub-hist@…`). */
  readonly uuid: string;
  /** When it was created. v1's payments: look only. */
  readonly createdAt?: Maybe<string>;
  /** The customer's wallet. v1's payments: look only. */
  readonly from?: Maybe<string>;
  /** The merchant's wallet. v1's payments: look only. */
  readonly to?: Maybe<string>;
  /** USD, fees included. v1's payments: look only, its webhook has `price`. */
  readonly amount?: Maybe<number>;
  /** What was charged, fees included, in the currency's smallest units: a decimal string. v1's payments: look only. */
  readonly amountMinUnits?: Maybe<string>;
  /** The number of the currency paid with. v1's payments: look only. */
  readonly currencyId?: Maybe<number>;
  /** The currency paid with. v1's payments: look only. */
  readonly currency?: Maybe<Currency>;
  /** The hash of the transaction on its chain. */
  readonly txHash?: Maybe<string>;
  /** The chain it is on. v2 only. */
  readonly chain?: Maybe<Chain>;
  /** The transaction in an explorer of its chain. v2 only. */
  readonly explorerUrl?: Maybe<string>;
  /** Whether it is test money. */
  readonly test?: Maybe<boolean>;
  /** The marketplace member it was for. v2 only. */
  readonly userUuid?: Maybe<string>;
  /** The product's name. */
  readonly name?: Maybe<string>;
  /** The product's description. */
  readonly description?: Maybe<string>;
  /** v2 only; v1 knows products by number (`productId`, look only). */
  readonly productUuid?: Maybe<string>;
  /** QBitFlow's id of the customer. */
  readonly customerUuid?: Maybe<string>;
  /** The merchant's id of the customer. */
  readonly customerReference?: Maybe<string>;
  /** How it was split, and the chain's facts. v1's payments: look only. */
  readonly metadata?: Maybe<TransactionMetadata>;
  /** When its chain had confirmed it. v2 only. */
  readonly confirmedAt?: Maybe<string>;
  /** What really arrived, in smallest units: a decimal string. v2 only. */
  readonly paidMinUnits?: Maybe<string>;
  /** What really arrived, in USD. v2 only. */
  readonly paidUsd?: Maybe<number>;
}

/** A completed one-time payment (`pay@…`). */
export interface Payment extends Settled {
  /** The merchant's order id. */
  readonly reference?: string | undefined;
  /** USD, without fees. */
  readonly price?: Maybe<number>;
  /** What was added to the price; `[]` when there are none. v2 only. */
  readonly fees?: Maybe<readonly Fee[]>;
  /** A note on it, as the API has it. v2 only. */
  readonly note?: Maybe<string>;
  /** When the customer opened the checkout. v2 only. */
  readonly checkoutOpenedAt?: Maybe<string>;
  /** Where the customer manages the payment. Webhook only, on both generations. */
  readonly managementPageLink?: Maybe<string>;
}

/** One billing of a subscription (`sub-hist@…`). Bills come by webhook or `recover()`, never from a look. */
export interface Bill extends Settled {
  /** The subscription (`sub@…`). */
  readonly subscriptionUuid?: Maybe<string>;
  /** The merchant's id of the subscription. */
  readonly subscriptionReference?: Maybe<string>;
  /** Where the subscription stands after the bill. v2 only. */
  readonly subscriptionStatus?: Maybe<SubscriptionStatus>;
  /** Since when it pays. v2 only. */
  readonly periodStart?: Maybe<string>;
  /** Until when it pays: access may last so long. v2 only. */
  readonly periodEnd?: Maybe<string>;
}

/** The transfer that paid out held funds. */
export interface HeldFundsRelease extends Extensible {
  /** The transfer. */
  readonly uuid: string;
  /** When it was made. */
  readonly createdAt?: Maybe<string>;
  /** The wallet that held the funds. */
  readonly from?: Maybe<string>;
  /** The merchant's wallet. */
  readonly to?: Maybe<string>;
  /** What was paid out, in USD. */
  readonly amount?: Maybe<number>;
  /** What was paid out, in the currency's smallest units: a decimal string. */
  readonly amountMinUnits?: Maybe<string>;
  /** The number of the currency. */
  readonly currencyId?: Maybe<number>;
  /** The currency it was paid out in. */
  readonly currency?: Maybe<Currency>;
  /** The hash of the transaction on its chain. */
  readonly txHash?: Maybe<string>;
  /** The chain it is on. */
  readonly chain?: Maybe<Chain>;
  /** The transaction in an explorer of its chain. */
  readonly explorerUrl?: Maybe<string>;
  /** Whether it is test money. */
  readonly test?: Maybe<boolean>;
  /** The marketplace member it was for. */
  readonly userUuid?: Maybe<string>;
  /** As the API says it: whether it came in. */
  readonly received?: unknown;
  /** What kind of transfer it is. */
  readonly type?: Maybe<string>;
  /** What the chain says of it. */
  readonly txMetadata?: Maybe<ChainMetadata>;
  /** What it was put together of. */
  readonly ledgers?: Maybe<readonly Ledger[]>;
}

/** What was held of one transaction, and was paid out with others. */
export interface Ledger extends Extensible {
  /** The payment or bill it was held of. */
  readonly txUuid?: Maybe<string>;
  /** What kind of entry it is. */
  readonly type?: Maybe<string>;
  /** A sentence for people. */
  readonly description?: Maybe<string>;
  /** Of a refund: the transaction that was refunded. */
  readonly refundedTxUuid?: Maybe<string>;
  /** USD. */
  readonly amount?: Maybe<number>;
  /** Kept as sent. */
  readonly metadata?: unknown;
  /** The number of the currency. */
  readonly currencyId?: Maybe<number>;
  /** Decimal string. */
  readonly owedMinUnits?: Maybe<string>;
  /** USD. */
  readonly owedUsd?: Maybe<number>;
  /** When it was entered. */
  readonly createdAt?: Maybe<string>;
}

/** How a transaction was split and where it stands on its chain. Its insides are kept as sent and not checked. */
export interface TransactionMetadata extends Extensible {
  /** QBitFlow's part; v1's hundredths of a percent are given in percent. */
  readonly feePercent?: Maybe<number>;
  /** The marketplace's part. */
  readonly organizationFee?: Maybe<OrganizationFee>;
  /** The referrer's part. */
  readonly referralFee?: Maybe<ReferralFee>;
  /** What the chain says. */
  readonly txMetadata?: Maybe<ChainMetadata>;
  /** Who got how much. */
  readonly txAmounts?: Maybe<TransactionAmounts>;
}

/** The marketplace's part. */
export interface OrganizationFee extends Extensible {
  /** Its wallet. */
  readonly organization?: Maybe<string>;
  /** In percent. */
  readonly feePercent?: Maybe<number>;
}

/** The referrer's part. */
export interface ReferralFee extends Extensible {
  /** The wallet. v2 only. */
  readonly referrer?: Maybe<string>;
  /** In percent. */
  readonly feePercent?: Maybe<number>;
  /** Until when it is owed. v2 only. */
  readonly deadline?: Maybe<string>;
}

/** What the chain says of a transaction. */
export interface ChainMetadata extends Extensible {
  /** What the network took. */
  readonly networkFees?: Maybe<NetworkFees>;
  /** The block it is in. */
  readonly blockData?: Maybe<BlockData>;
  /** What one of the chain's own coin cost then, in USD. */
  readonly mainCurrencyPriceUsd?: Maybe<number>;
}

/** What the network took, in the chain's smallest units. */
export interface NetworkFees extends Extensible {
  /** Decimal string, in the smallest units of the chain's own coin. */
  readonly amount?: Maybe<string>;
  /** Gas, or compute units. */
  readonly unitsConsumed?: Maybe<number>;
  /** What the chain below took, of a rollup: a decimal string. */
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
  /** QBitFlow's part. */
  readonly platform?: Maybe<Amount>;
  /** The marketplace's part. */
  readonly organization?: Maybe<Amount>;
  /** The referrer's part. */
  readonly referral?: Maybe<Amount>;
  /** What is left for the merchant. */
  readonly merchant?: Maybe<Amount>;
  /** What the network took. */
  readonly networkFee?: Maybe<Amount>;
}

/** A refund (`refund@…`) of the transaction `txUuid`. */
export interface Refund extends Extensible {
  /** The refund (`refund@…`). */
  readonly uuid: string;
  /** The payment or bill that is refunded. */
  readonly txUuid?: Maybe<string>;
  /** Why it was asked for, as the API has it. */
  readonly reason?: Maybe<string>;
  /** Where it stands. */
  readonly status?: Maybe<Open<'pending' | 'approved' | 'rejected'>>;
  /** When it was asked for. */
  readonly createdAt?: Maybe<string>;
  /** The merchant's answer. */
  readonly merchantMessage?: Maybe<string>;
  /** When the merchant answered. */
  readonly respondedAt?: Maybe<string>;
  /** Whether it is test money. */
  readonly test?: Maybe<boolean>;
  /** The marketplace member it concerns. */
  readonly userUuid?: Maybe<string>;
  /** The hash of the transaction that paid it back. */
  readonly txHash?: Maybe<string>;
  /** Who asked for it, as the API says it. */
  readonly initiatedBy?: Maybe<string>;
  /** Whether it is paid out of held funds. */
  readonly held?: Maybe<boolean>;
  /** What was paid then, in smallest units: a decimal string. */
  readonly paidMinUnits?: Maybe<string>;
  /** What was paid then, in USD. */
  readonly paidUsd?: Maybe<number>;
  /** How much of it is refunded, in percent. */
  readonly refundPercent?: Maybe<number>;
  /** What is refunded, in smallest units: a decimal string. */
  readonly amountMinUnits?: Maybe<string>;
  /** What is refunded, in USD. */
  readonly amountUsd?: Maybe<number>;
  /** The number of the currency. */
  readonly currencyId?: Maybe<number>;
  /** What the chain says of it. */
  readonly metadata?: Maybe<ChainMetadata>;
  /** The chain it is on. */
  readonly chain?: Maybe<Chain>;
  /** The transaction in an explorer of its chain. */
  readonly explorerUrl?: Maybe<string>;
}
