import { createApiClient } from './api/client.js';
import { getStatus } from './api/get-status.js';
import type { TransactionStatusReport } from './api/status-report.js';
import type { TransactionReference } from './api/transaction-reference.js';
import { createDeliveries, type Deliveries } from './deliveries/deliveries.js';
import { createErrorReporter, type ErrorListener } from './error-reporter.js';
import {
  createHandlerRegistry,
  type EventHandler,
  type HandlerNaming,
} from './event/handler-registry.js';
import type { EventOf, KnownEventType, UnknownEvent } from './event/types.js';
import type { HttpRequest, HttpResponse } from './http.js';
import { createJournal } from './journal.js';
import { resolveOptions, type QBitFlowOptions, type Settings } from './options.js';
import { confirmReturn } from './redirect/confirm-return.js';
import { createStatusQueries } from './redirect/query-status.js';
import type { ReturnOptions } from './redirect/return-options.js';
import type { Recorder } from './webhook/receive/record-delivery.js';
import { receive, type Receiver } from './webhook/receive.js';
import { createReceiveReport } from './webhook/receive/report.js';
import { createWorker } from './webhook/worker.js';
import { createHmacKey } from './wire/hmac.js';

/** One merchant's kit: receives deliveries, runs their handlers, confirms returns. */
export interface QBitFlow {
  /** Adds a handler for one type of event. Handlers run after the answer, in order, each until it has succeeded once. */
  on<Type extends KnownEventType>(
    type: Type,
    handler: EventHandler<EventOf<Type>>,
    naming?: HandlerNaming,
  ): QBitFlow;
  /** Adds a handler for every event, also of types newer than this kit. It runs after those of the type. */
  onAny(handler: EventHandler, naming?: HandlerNaming): QBitFlow;
  /** Adds a handler for events of types newer than this kit. */
  onUnknown(handler: EventHandler<UnknownEvent>, naming?: HandlerNaming): QBitFlow;
  /** Adds a listener for everything that goes wrong: refused deliveries, failing handlers, a store that is down. */
  onError(listener: ErrorListener): QBitFlow;
  /** Answers a webhook request; the delivery is recorded by then. Never rejects. */
  receive(request: HttpRequest): Promise<HttpResponse>;
  /** Answers a customer on the success or cancel URL with what the API says. Throws `misconfigured` for bad options only. */
  confirmReturn(request: HttpRequest, options: ReturnOptions): Promise<HttpResponse>;
  /** Asks the API where a transaction stands; `undefined` when it knows none. Rejects with `ApiError`. */
  getStatus(reference: TransactionReference): Promise<TransactionStatusReport | undefined>;
  /** What is in the store, for operators: list, look at, replay, discard, count. */
  readonly deliveries: Deliveries;
  /** Prepares the store and picks up what a crash left behind. Call it once handlers are registered; `receive` calls it too. */
  start(): Promise<void>;
  /** Stops taking work, lets running handlers finish, hands back the rest and closes the store. */
  close(): Promise<void>;
}

/**
 * Creates a kit. Throws `misconfigured` at once for what cannot work.
 * @example
 * const qbitflow = createQBitFlow({ webhookSecret: 'whsec_…' });
 * qbitflow.on('payment.completed', async (event) => await fulfil(event.data.reference));
 */
export function createQBitFlow(options: QBitFlowOptions = {}): QBitFlow {
  const settings = resolveOptions(options);
  const { store, clock, logger, random } = settings;
  const registry = createHandlerRegistry();
  const errors = createErrorReporter(logger);
  const journal = createJournal(logger);
  const api = createApiClient(settings);
  const queries = createStatusQueries({ api, clock, logger });
  const worker = createWorker({
    store,
    registry,
    errors,
    clock,
    logger,
    journal,
    random,
    settings: settings.handlers,
  });
  const report = createReceiveReport({ journal, errors, due: () => worker.wake() });
  const record: Recorder['record'] = async (delivery) => {
    if (!ready) await startOnce();
    return store.record(delivery);
  };
  const beforeReply: Receiver['beforeReply'] =
    settings.processing === 'before-reply'
      ? async (key) => worker.attempted(key, settings.beforeReplyMs)
      : undefined;
  const receiver = createReceiver(settings, { api, report, record, beforeReply });
  let started: Promise<void> | undefined;
  let ready = false;
  let closed: Promise<void> | undefined;

  async function start(): Promise<void> {
    await store.init?.();
    if (!store.durable)
      logger.warn(
        { code: 'store_forgets', store: store.name },
        'deliveries are kept in memory and gone with the process: use a durable store in production',
      );
    if (settings.processing !== 'elsewhere') worker.start();
    ready = true;
  }

  function startOnce(): Promise<void> {
    started ??= start().catch((error: unknown) => {
      // The next delivery tries again: a store that was down at start may be up by then.
      started = undefined;
      errors.report(error, { stage: 'store' });
      throw error;
    });
    return started;
  }

  const kit: QBitFlow = {
    on(type, handler, naming) {
      registry.on(type, handler, naming);
      return kit;
    },
    onAny(handler, naming) {
      registry.onAny(handler, naming);
      return kit;
    },
    onUnknown(handler, naming) {
      registry.onUnknown(handler, naming);
      return kit;
    },
    onError(listener) {
      errors.listen(listener);
      return kit;
    },
    receive: (request) => receive(receiver, request),
    confirmReturn: (request, returnOptions) =>
      confirmReturn({ queries, logger, clock }, request, returnOptions),
    getStatus: (reference) => getStatus(api, reference),
    deliveries: createDeliveries(store, () => worker.wake()),
    start: startOnce,
    async close() {
      closed ??= worker.close().then(async () => store.close());
      await closed;
    },
  };
  return kit;
}

function createReceiver(
  settings: Settings,
  parts: Pick<Receiver, 'report' | 'beforeReply'> &
    Pick<Receiver['verifier'], 'api'> &
    Pick<Recorder, 'record'>,
): Receiver {
  const {
    clock,
    store: { name },
    toleranceSeconds,
    endpointUuid,
    recordTimeoutMs,
    bodyLimitBytes,
    bodyTimeoutMs,
  } = settings;
  const keys = settings.secrets.map(createHmacKey);
  return {
    clock,
    limits: { clock, bodyLimitBytes, bodyTimeoutMs },
    verifier: { keys, clock, toleranceSeconds, endpointUuid, api: parts.api },
    recorder: { name, record: parts.record, clock, recordTimeoutMs },
    report: parts.report,
    beforeReply: parts.beforeReply,
    acknowledgeEverything: settings.acknowledge === 'everything',
  };
}
