// The kit
export { createQBitFlow } from './qbitflow.js';
export type { QBitFlow } from './kit.js';
export type { HandlerOptions, QBitFlowOptions } from './options.js';
export type { EventContext } from './event/handlers.js';
export type { TraceContext } from './event/handlers.js';
export type { EventHandler, HandlerNaming } from './event/handlers.js';
export type { Deliveries } from './deliveries.js';
export type {
  DeliveryFacts,
  DiagnosticCode,
  // The names that they had before; they go with the next minor version.
  DeliveryFacts as JournalFacts,
  DiagnosticCode as JournalCode,
} from './diagnostics.js';
export type { ErrorFacts, ErrorListener, ErrorStage } from './error-reporter.js';

// Mounting
export { toNodeHandler, withWebhook } from './http/node.js';
export { toFetchHandler } from './http/fetch.js';
export {
  cancelEndpoint,
  findRoute,
  pathOf,
  routesOf,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type Endpoint,
  type MountOptions,
  type ReturnPageOptions,
  type Route,
  type RouteOptions,
} from './http/routes.js';
export { answerNodeRequest } from './http/node.js';
export type { ClientOf } from './http/http.js';
export type { HttpHeaders, HttpRequest, HttpResponse } from './http/http.js';

// Events
export type {
  EventData,
  EventOf,
  KnownEvent,
  KnownEventType,
  UnknownEvent,
  WebhookEvent,
} from './event/types.js';
export type { Bill, HeldFundsRelease, Payment } from './event/payment-data.js';
export type {
  BlockData,
  ChainMetadata,
  NetworkFees,
  OrganizationFee,
  ReferralFee,
  Shares,
  TransactionAmounts,
  TransactionMetadata,
} from './event/payment-data.js';
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
} from './event/data.js';
export type { ExpiredCheckout, Member, TransactionUpdate, WebhookTest } from './event/data.js';
export type { Refund } from './event/payment-data.js';
export type {
  RequiredAction,
  Subscription,
  SubscriptionActionChange,
  SubscriptionBillingFailure,
  SubscriptionStatus,
  SubscriptionStatusChange,
  SubscriptionUpcomingBill,
} from './event/subscription-data.js';
export type { V1Body } from './protocol/v1/schemas.js';
export type { V2Envelope } from './protocol/v2/schemas.js';

// Pure functions
export { verifySignature, type Verdict, type VerifySignatureOptions } from './webhook/verify.js';
export type { Refusal } from './protocol/signature.js';
export { parseEvent, type ParseEventOptions } from './webhook/parse-event.js';
export type { ParseResult } from './protocol/parse-result.js';
export { canonicalJson } from './protocol/v1/canonical-json.js';
export { placeholders } from './checkout/return-url.js';
export { returnUrl, type ReturnUrlOptions } from './checkout/return-url.js';

// Checkouts
export { checkoutEndpoint, openCheckout } from './http/routes.js';
export type { ToCheckoutParams } from './checkout/respond.js';
export type { Checkout } from './checkout/checkout.js';
export type { CheckoutDetails, CheckoutSession } from './checkout/session.js';
export type {
  CheckoutFee,
  CheckoutFees,
  CheckoutParams,
  CheckoutPeriod,
  CheckoutTrial,
  CheckoutUnit,
  CommonParams,
  PaymentParams,
  ProductChoice,
  SubscriptionParams,
} from './checkout/params.js';

// Status and recovery
export type { StatusOptions } from './status/handle-status.js';
export type { WatchOptions } from './status/watch-status.js';
export type { RecoverOptions, RecoveryReport } from './recovery/recover.js';
export type { LookOutcome } from './recovery/looks.js';
export type { RecheckOutcome } from './recovery/record-transaction.js';

// Return pages
export type { ReturnOptions } from './return-page/return-options.js';
export type { ReturnOutcome, ReturnState } from './return-page/outcome.js';
export type { ReturnStep } from './status/transaction-status.js';
export type { PurchaseDetails } from './return-page/details.js';
export type { PageWords } from './return-page/page.js';
export type { TransactionStatusReport } from './api/transactions.js';
export type { TransactionReference } from './api/transaction-ids.js';

// Stores
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.js';
export type {
  BuryOptions,
  Claim,
  ClaimOutcome,
  DeliveryPage,
  DeliverySource,
  DeliveryState,
  DurableStore,
  ExtendOptions,
  LaterWebhook,
  ListFilter,
  NewDelivery,
  Progress,
  PruneOptions,
  RecordOutcome,
  RetryOptions,
  SettleOptions,
  StoredDelivery,
  StoreStart,
  StoreStats,
  TakenDelivery,
  TakeOptions,
  TypeFilter,
} from './store/durable-store.js';
export { groupCommit, type GroupCommitOptions } from './store/group-commit.js';
export type { ClaimResult, IdempotencyStore } from './store/idempotency-store.js';

// Errors
export {
  isQBitFlowError,
  QBitFlowError,
  RetryLater,
  Unrecoverable,
  type ErrorCode,
  type FromHeaderOptions,
} from './errors.js';
export { ApiError, isApiError } from './api/api-error.js';
export { asError } from './as-error.js';

// Time and logging
export {
  inBackground,
  sleep,
  systemClock,
  type CancelTimer,
  type Clock,
  type TimerOptions,
} from './clock.js';
export { safeDelayMs } from './clock.js';
export { safeLogger } from './logger.js';
export { assertKnownOptions } from './known-options.js';
export { silentLogger, type Logger, type LogMethod } from './logger.js';
