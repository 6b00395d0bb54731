import type { TransactionStatusReport } from './api/transactions.js';
import type { TransactionReference } from './api/transaction-ids.js';
import type { ToCheckoutParams } from './checkout/respond.js';
import type { Checkout } from './checkout/checkout.js';
import type { Deliveries } from './deliveries.js';
import type { DeskOptions, MetricsOptions } from './desk/desk-options.js';
import type { ErrorFacts, ErrorListener } from './error-reporter.js';
import type { HandlerMethods } from './event/handlers.js';
import type { HttpRequest, HttpResponse } from './http/http.js';
import type { RecheckOutcome } from './recovery/record-transaction.js';
import type { RecoverOptions, RecoveryReport } from './recovery/recover.js';
import type { ReturnOptions } from './return-page/return-options.js';
import type { StatusOptions } from './status/handle-status.js';
import type { WatchOptions } from './status/watch-status.js';

/** One merchant's kit: receives deliveries, runs their handlers, confirms returns. */
export interface QBitFlow extends HandlerMethods<QBitFlow> {
  /** Adds a listener for everything that goes wrong: refused deliveries, failing handlers, a store that is down. */
  onError(listener: ErrorListener): QBitFlow;
  /**
   * Reports a failure around the kit as it reports its own, with a log line and `onError`: for adapters, whose
   * answers may fail to be written. Never throws.
   */
  report(error: unknown, facts: ErrorFacts): void;
  /** Answers a webhook request; the delivery is recorded by then. Never rejects. */
  handleWebhook(request: HttpRequest): Promise<HttpResponse>;
  /** @deprecated Renamed: {@link QBitFlow.handleWebhook}. Goes with the next minor version. */
  receive(request: HttpRequest): Promise<HttpResponse>;
  /** Answers a customer on the success or cancel URL with what the API says. Throws `misconfigured` for bad options only. */
  handleReturn(request: HttpRequest, options: ReturnOptions): Promise<HttpResponse>;
  /**
   * Checks the options of a return page and fills in the defaults, for whoever mounts it: `handleReturn` takes what it
   * returns as it is. Throws `misconfigured`.
   */
  resolveReturnOptions(options: ReturnOptions): ReturnOptions;
  /** @deprecated Renamed: {@link QBitFlow.handleReturn}. Goes with the next minor version. */
  confirmReturn(request: HttpRequest, options: ReturnOptions): Promise<HttpResponse>;
  /** Opens sessions on QBitFlow's hosted page. */
  readonly checkout: Checkout;
  /** Opens the checkout a POST asks for and sends on to the hosted page, or answers JSON. Never rejects. */
  handleCheckout(request: HttpRequest, toParams: ToCheckoutParams): Promise<HttpResponse>;
  /** @deprecated Renamed: {@link QBitFlow.handleCheckout}. Goes with the next minor version. */
  answerCheckout(request: HttpRequest, toParams: ToCheckoutParams): Promise<HttpResponse>;
  /** Asks the API where a transaction stands; `undefined` when it knows none. Rejects with `ApiError`. */
  getStatus(reference: TransactionReference): Promise<TransactionStatusReport | undefined>;
  /**
   * Every change of a transaction's status, the current one first, until it is final. Leaving the loop, `return()` and
   * `signal` let go of everything at once. For screens: fulfilment stays with the handlers.
   */
  watchStatus(
    reference: TransactionReference,
    options?: WatchOptions,
  ): AsyncIterableIterator<TransactionStatusReport, undefined>;
  /** Answers `GET …/status/:uuid`: JSON, or Server-Sent Events where they are asked for. Never rejects. */
  handleStatus(request: HttpRequest, options?: StatusOptions): Promise<HttpResponse>;
  /** @deprecated Renamed: {@link QBitFlow.handleStatus}. Goes with the next minor version. */
  answerStatus(request: HttpRequest, options?: StatusOptions): Promise<HttpResponse>;
  /** Answers a request for the operator's desk: pages about deliveries, and what can be done with them. Never rejects. */
  handleDesk(request: HttpRequest, options?: DeskOptions): Promise<HttpResponse>;
  /** Answers a scrape with figures in Prometheus' text format. Never rejects. */
  handleMetrics(request: HttpRequest, options?: MetricsOptions): Promise<HttpResponse>;
  /**
   * Fetches back from v2's event log what webhooks missed since the store was made, for the same handlers: what is older
   * is counted only (`tooOld`). Rejects with `ApiError`.
   */
  recover(options: RecoverOptions): Promise<RecoveryReport>;
  /**
   * Asks about one transaction, for v1, which has no event log; `undefined` when there is nothing final to record,
   * `too_old` when it happened before the store was made, or before its oldest key.
   */
  recheck(reference: TransactionReference): Promise<RecheckOutcome | undefined>;
  /** What is in the store, for operators: list, look at, replay, discard, count. */
  readonly deliveries: Deliveries;
  /**
   * Prepares the store and picks up what a crash left behind; call it once handlers are registered. While the store is
   * away it reports that and tries on, and resolves once started; meanwhile deliveries are answered 503 so that they
   * come again. Rejects with `misconfigured` where the store cannot work as it is set up (it is tried all the same), and
   * for anything with `failFast`. It need not be awaited: it never ends the process. Until `close()` it keeps the
   * process alive, unless `keepAlive` is `false`. The first delivery prepares the store too, without holding the process.
   */
  start(): Promise<void>;
  /** Stops taking work, lets running handlers finish, hands back the rest and closes the store. */
  close(): Promise<void>;
}
