/** What events say, one file a kind of thing. */
export type {
  Chain,
  Currency,
  Extensible,
  Fee,
  MainCurrency,
  Maybe,
  Open,
  Period,
  TransactionStatus,
  TransactionType,
} from './data/common.js';
export type {
  BlockData,
  ChainMetadata,
  NetworkFees,
  OrganizationFee,
  ReferralFee,
  Shares,
  TransactionAmounts,
  TransactionMetadata,
} from './data/metadata.js';
export type { Bill, HeldFundsRelease, Payment } from './data/payment.js';
export type { Refund } from './data/refund.js';
export type {
  RequiredAction,
  Subscription,
  SubscriptionActionChange,
  SubscriptionBillingFailure,
  SubscriptionStatus,
  SubscriptionStatusChange,
  SubscriptionUpcomingBill,
} from './data/subscription.js';
export type { ExpiredCheckout, Member, TransactionUpdate, WebhookTest } from './data/checkout.js';
