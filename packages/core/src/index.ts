/**
 * For merchants. Authors of adapters find their own entry in `@qbitflow/core/adapter`, authors of stores in
 * `@qbitflow/core/store`, tests in `@qbitflow/core/testing`.
 * @module @qbitflow/core
 */

// The kit
export { createQBitFlow } from './qbitflow.js';
export type { QBitFlow } from './kit.js';
export type { HandlerOptions, QBitFlowOptions } from './options.js';
export type { Mode } from './mode.js';
export type { EventContext, EventHandler, HandlerNaming, TraceContext } from './event/handlers.js';
export type { Deliveries } from './deliveries.js';
export type { BulkFilter, BulkOptions, BulkOutcome } from './bulk.js';
export {
  DURATION_BOUNDS_MS,
  type Activity,
  type ActivitySpan,
  type ProcessReport,
  type TypeActivity,
} from './activity.js';
export type { DeliveryFacts, DiagnosticCode } from './diagnostics.js';
export type { ErrorFacts, ErrorListener, ErrorStage } from './error-reporter.js';

// Mounting it without a framework, or in front of one
export { toNodeHandler, withWebhook } from './http/node.js';
export { toFetchHandler } from './http/fetch.js';
export type { MountOptions, ReturnPageOptions, RouteOptions } from './http/routes.js';
export type { AuthorizeOperator, DeskOptions, MetricsOptions } from './desk/desk-options.js';
export type { ClientOf, HttpHeaders, HttpRequest, HttpResponse } from './http/http.js';

// Events
export type {
  EventData,
  EventOf,
  KnownEvent,
  KnownEventType,
  UnknownEvent,
  WebhookEvent,
} from './event/types.js';
export { requireReference, type ReferencedEvent } from './event/reference.js';
export type {
  Bill,
  BlockData,
  ChainMetadata,
  HeldFundsRelease,
  Ledger,
  NetworkFees,
  OrganizationFee,
  Payment,
  ReferralFee,
  Refund,
  Shares,
  TransactionAmounts,
  TransactionMetadata,
} from './event/payment-data.js';
export type {
  Chain,
  Currency,
  ExpiredCheckout,
  Extensible,
  Fee,
  MainCurrency,
  Maybe,
  Member,
  Open,
  Period,
  TransactionStatus,
  TransactionType,
  TransactionUpdate,
  WebhookTest,
} from './event/data.js';
export type {
  RequiredAction,
  Subscription,
  SubscriptionActionChange,
  SubscriptionBillingFailure,
  SubscriptionStatus,
  SubscriptionStatusChange,
  SubscriptionUpcomingBill,
} from './event/subscription-data.js';
export type { GenerationName } from './protocol/generation.js';
export type { V1Body, V1SubscriptionWebhook, V1TransactionWebhook } from './protocol/v1/schemas.js';
export type { V2Envelope } from './protocol/v2/schemas.js';

// Without a kit
export {
  verifySignature,
  type VerificationResult,
  type VerifySignatureOptions,
} from './webhook/verify.js';
export type { SignatureFailure } from './protocol/signature.js';
export { parseEvent, type ParseEventOptions } from './webhook/parse-event.js';
export type { ParseResult } from './protocol/parse-result.js';
export { canonicalJson } from './protocol/v1/canonical-json.js';
export { placeholders, returnUrl, type ReturnUrlOptions } from './checkout/return-url.js';

// Checkouts
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

// Return pages, live status, recovery
export type { ReturnOptions } from './return-page/return-options.js';
export type { ReturnOutcome, ReturnState } from './return-page/outcome.js';
export type { ReturnStep, StatusTrouble } from './status/transaction-status.js';
export type { PurchaseDetails } from './return-page/details.js';
export type { PageWords } from './return-page/return-options.js';
export type { Brand } from './return-page/brand.js';
export type { CspAdditions, CspDirective } from './return-page/csp-additions.js';
export type { StatusOptions } from './status/handle-status.js';
export type { WatchOptions } from './status/watch-status.js';
export type { FailedAttempt, TransactionStatusReport } from './api/transactions.js';
export type { TransactionReference } from './api/transaction-ids.js';
export type { RecoverOptions, RecoveryReport } from './recovery/recover.js';
export type { LookOutcome } from './recovery/looks.js';
export type { RecheckOutcome } from './recovery/record-transaction.js';

// Languages of the return page
export type { Direction } from './return-page/words/bidi.js';
export type { Catalogue, PluralForms } from './return-page/words/catalogue.js';
export type { ShippedLocale } from './return-page/words/catalogues.js';
export type {
  ExtendingCatalogue,
  LocaleOption,
  OwnCatalogue,
} from './return-page/words/locales.js';

// Where deliveries are kept
export { memoryStore, type MemoryStoreOptions } from './store/memory-store.js';
export type { AttemptRecord, HandlerRecord } from './store/attempt-record.js';
export type {
  DeliveryPage,
  DeliverySource,
  DeliveryState,
  DurableStore,
  LaterWebhook,
  ListFilter,
  Progress,
  StoredDelivery,
  StoreStats,
} from './store/durable-store.js';
export type { ClaimResult, IdempotencyStore } from './store/idempotency-store.js';

// Errors and logging
export {
  isQBitFlowError,
  QBitFlowError,
  RetryLater,
  Unrecoverable,
  type ErrorCode,
  type FromHeaderOptions,
} from './errors.js';
export {
  ApiError,
  isApiError,
  type ApiErrorCode,
  type ApiErrorFacts,
  type FieldError,
} from './api/api-error.js';
export { silentLogger, type Logger, type LogMethod } from './logger.js';
export type { CancelTimer, Clock, TimerOptions } from './clock.js';

// What stood here before the kit had an entry for each audience: it goes with the next minor version.
/** @deprecated Its name is DeliveryFacts. */
export type { DeliveryFacts as JournalFacts } from './diagnostics.js';
/** @deprecated Its name is SignatureFailure. */
export type { SignatureFailure as Refusal } from './protocol/signature.js';
/** @deprecated Its name is VerificationResult. */
export type { VerificationResult as Verdict } from './webhook/verify.js';
/** @deprecated Its name is DiagnosticCode. */
export type { DiagnosticCode as JournalCode } from './diagnostics.js';
/** @deprecated Import it from `@qbitflow/core/adapter`. */
export {
  cancelEndpoint,
  checkoutEndpoint,
  findRoute,
  openCheckout,
  pathOf,
  routesOf,
  statusEndpoint,
  successEndpoint,
  webhookEndpoint,
  type Endpoint,
  type Route,
} from './http/routes.js';
/** @deprecated Import it from `@qbitflow/core/adapter`. */
export { answerNodeRequest } from './http/node.js';
/** @deprecated Import it from `@qbitflow/core/adapter` or `@qbitflow/core/store`. */
export { assertKnownOptions } from './known-options.js';
/** @deprecated Import it from `@qbitflow/core/store`. */
export type {
  BuryOptions,
  Claim,
  ClaimOutcome,
  ExtendOptions,
  NewDelivery,
  PruneOptions,
  RecordOutcome,
  RetryOptions,
  SettleOptions,
  StoreStart,
  TakenDelivery,
  TakeOptions,
  TypeFilter,
} from './store/durable-store.js';
/** @deprecated Import it from `@qbitflow/core/store`. */
export { groupCommit, type GroupCommitOptions } from './store/group-commit.js';
/** @deprecated Import it from `@qbitflow/core/store`. */
export { inBackground, safeDelayMs, sleep, systemClock } from './clock.js';
/** @deprecated Import it from `@qbitflow/core/store`. */
export { asError } from './as-error.js';
/** @deprecated Import it from `@qbitflow/core/store`. */
export { safeLogger } from './logger.js';
