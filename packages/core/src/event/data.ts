/** What events say, one file a kind of thing. */
export type {
  Currency,
  Extensible,
  Fee,
  MainCurrency,
  Maybe,
  Open,
  Period,
  TransactionMetadata,
  TransactionStatus,
  TransactionType,
} from './data/common.js';
export type { Bill, HeldFundsRelease, Payment, Refund } from './data/payment.js';
export type {
  Subscription,
  SubscriptionActionChange,
  SubscriptionBillingFailure,
  SubscriptionStatus,
  SubscriptionStatusChange,
  SubscriptionUpcomingBill,
} from './data/subscription.js';
export type { ExpiredCheckout, Member, TransactionUpdate, WebhookTest } from './data/checkout.js';
