import type { Extensible, Maybe } from './common.js';

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
