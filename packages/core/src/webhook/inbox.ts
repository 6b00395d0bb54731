import type { ApiClient } from '../api/client.js';
import type { ErrorReporter } from '../error-reporter.js';
import { atMost } from '../at-most.js';
import { QBitFlowError } from '../errors.js';
import type { HandlerRegistry } from '../event/handler-registry.js';
import type { HttpRequest, HttpResponse } from '../http.js';
import type { Journal } from '../journal.js';
import type { Settings } from '../options.js';
import type { RecordBody } from '../recovery/record-look.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import { createHmacKey } from '../wire/hmac.js';
import { parseBody } from '../wire/parse-body.js';
import { receive, type Receiver } from './receive.js';
import {
  askStore,
  recordDelivery,
  toNewDelivery,
  type Recorder,
} from './receive/record-delivery.js';
import { createReceiveReport } from './receive/report.js';
import { createOwnSuccesses } from './process/own-successes.js';
import { createUnhandledWarning } from './unhandled-warning.js';
import { createWorker } from './worker.js';

/** Both halves of a delivery's journey around one store. */
export interface Inbox {
  readonly receive: (request: HttpRequest) => Promise<HttpResponse>;
  /** Records a v2 body that came another way. Rejects when the store does not take it. */
  readonly recordBody: RecordBody;
  /** Since when the store knows every key it was given, ms since 1970 by its clock. Rejects when it does not say. */
  readonly knownSince: () => Promise<number>;
  /** Something may be due. */
  readonly wake: () => void;
  /** Prepares the store and begins to process. After a failure it can be called again. */
  readonly start: () => Promise<void>;
  readonly close: () => Promise<void>;
}

/** What an inbox works with. */
export interface InboxParts {
  readonly api: ApiClient;
  readonly registry: HandlerRegistry;
  readonly errors: ErrorReporter;
  readonly journal: Journal;
  /** Told of every delivery this process recorded first. */
  readonly onRecorded: (delivery: NewDelivery) => void;
}

/** How long a store may take to close after the handlers have ended, in ms. */
const CLOSE_MS = 1_000;

/** An inbox that has not been started. */
export function createInbox(settings: Settings, parts: InboxParts): Inbox {
  const { store, clock, logger, random, recordTimeoutMs } = settings;
  const { registry, errors, journal, onRecorded } = parts;
  const handlers = settings.handlers;
  const worker = createWorker({
    store,
    registry,
    errors,
    clock,
    logger,
    journal,
    random,
    settings: handlers,
    ownSuccesses: createOwnSuccesses(),
  });
  const noHandler = createUnhandledWarning({ registry, logger });
  const report = createReceiveReport({
    journal,
    errors,
    due(delivery) {
      if (settings.processing !== 'elsewhere') noHandler.check(delivery.type);
      worker.wake();
      onRecorded(delivery);
    },
  });
  const recorder: Recorder = { name: store.name, record, clock, recordTimeoutMs };
  const receiver = createReceiver(settings, { api: parts.api, report, recorder, beforeReply });
  let started: Promise<void> | undefined;
  let ready = false;
  let closed: Promise<void> | undefined;

  async function record(delivery: NewDelivery): Promise<RecordOutcome> {
    // It would be gone with this process, which is ending: the sender shall bring it to another one.
    if (closed !== undefined && !store.durable) throw closing(store.name);
    if (!ready) await startOnce();
    return store.record(delivery);
  }

  async function knownSince(): Promise<number> {
    if (!ready) await startOnce();
    return store.knownSince();
  }

  async function beforeReply(key: string): Promise<void> {
    await worker.attempted(key, settings.beforeReplyMs);
  }

  async function start(): Promise<void> {
    const concurrency = settings.processing === 'elsewhere' ? 0 : handlers.concurrency;
    await store.init?.({ concurrency, logger });
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

  return {
    receive: (request) => receive(receiver, request),
    async recordBody(value, source) {
      const parsed = parseBody('v2', value);
      const body = { kind: 'value', value } as const;
      const origin = { version: 'v2', source, headers: {}, receivedAt: clock.now() } as const;
      const delivery = toNewDelivery({ ...origin, body, parsed });
      const outcome = await recordDelivery(recorder, delivery);
      report.recorded(delivery, outcome);
      return outcome;
    },
    knownSince: async () => askStore(recorder, 'tell since when it knows its keys', knownSince),
    wake: () => {
      worker.wake();
    },
    start: startOnce,
    async close() {
      closed ??= worker.close().then(async () => atMost(clock, CLOSE_MS, store.close()));
      await closed;
    },
  };
}

function closing(name: string): QBitFlowError {
  const message = `the ${name} store forgets with this process, and this process is shutting down: the sender was asked to come again`;
  return new QBitFlowError('store_unavailable', message, { facts: { store: name } });
}

function createReceiver(
  settings: Settings,
  parts: Pick<Receiver, 'report' | 'beforeReply' | 'recorder'> & { readonly api: ApiClient },
): Receiver {
  const { clock, toleranceSeconds, endpointUuid, bodyLimitBytes, bodyTimeoutMs } = settings;
  const keys = settings.secrets.map(createHmacKey);
  return {
    clock,
    limits: { clock, bodyLimitBytes, bodyTimeoutMs },
    verifier: { keys, clock, toleranceSeconds, endpointUuid, api: parts.api },
    recorder: parts.recorder,
    report: parts.report,
    beforeReply: settings.processing === 'before-reply' ? parts.beforeReply : undefined,
    acknowledgeEverything: settings.acknowledge === 'everything',
  };
}
