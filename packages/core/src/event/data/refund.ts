import type { Chain, Extensible, Maybe, Open } from './common.js';
import type { ChainMetadata } from './metadata.js';

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
