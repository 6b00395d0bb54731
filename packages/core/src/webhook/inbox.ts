import { createRemoteVerifier, type RemoteVerifier } from '../api/verify-remotely.js';
import type { ApiClient } from '../api/client.js';
import { createClientOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import type { ErrorReporter } from '../error-reporter.js';
import { detached } from '../async-context.js';
import { atMost, keepAlive } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { HandlerRegistry } from '../event/handlers.js';
import type { Diagnostics } from '../diagnostics.js';
import type { Settings } from '../options.js';
import type { RecordBody } from '../recovery/record-look.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import { createHmacKey } from '../protocol/signature.js';
import { parseBody } from '../protocol/parse-body.js';
import { receive, type Receiver } from './receive.js';
import { askStore, recordDelivery, toNewDelivery, type Recorder } from './record.js';
import { createRefusals } from './rejections.js';
import { createReceiveReport, createKeptAwayWarning, createUnhandledWarning } from './report.js';
import { createUnverifiedBytes } from './body-buffer.js';
import { createLaterWebhooks } from './later-webhooks.js';
import { createOwnSuccesses } from './process.js';
import { createOpening } from './store-opening.js';
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
  /** Ends the processing and closes the store. `looks`: what pages have seen and is still to be recorded, if anything. */
  readonly close: (looks: Promise<void> | undefined) => Promise<void>;
}

/** What an inbox works with. */
export interface InboxParts {
  readonly api: ApiClient;
  readonly registry: HandlerRegistry;
  readonly errors: ErrorReporter;
  readonly diagnostics: Diagnostics;
  /** Told of every delivery this process recorded first. */
  readonly onRecorded: (delivery: NewDelivery) => void;
}

/** How long closing waits for looks to be recorded, in ms. */
const LOOKS_MS = 2_000;
/** How long a store may take to close after the handlers have ended, in ms. */
const CLOSE_MS = 1_000;

/** What all bodies that nobody has vouched for yet may hold together, in bytes; room for four of the largest at least. */
const UNVERIFIED_BYTES = 64 * 1_048_576;

/** An inbox that has not been started. */
export function createInbox(settings: Settings, parts: InboxParts): Inbox {
  const { store, clock, logger, random, recordTimeoutMs } = settings;
  const { registry, errors, diagnostics, onRecorded } = parts;
  const handlers = settings.handlers;
  const laterWebhooks = createLaterWebhooks(clock);
  const worker = createWorker({
    store,
    registry,
    errors,
    clock,
    logger,
    diagnostics,
    random,
    settings: handlers,
    ownSuccesses: createOwnSuccesses(),
    laterWebhooks,
  });
  const noHandler = createUnhandledWarning({ registry, logger });
  const refusals = createRefusals({ clock, report: (error, facts) => errors.report(error, facts) });
  const report = createReceiveReport({
    diagnostics,
    errors,
    refusals,
    duplicate: ({ key }) => {
      laterWebhooks.arrived(key);
    },
    due(delivery) {
      if (settings.processing !== 'elsewhere') noHandler.check(delivery.type);
      worker.wake();
      onRecorded(delivery);
    },
    keptAway: createKeptAwayWarning(logger, settings.mode),
  });
  const recorder: Recorder = { name: store.name, record, clock, recordTimeoutMs };
  const remote = createRemoteVerifier({ api: parts.api, clock });
  const receiver = createReceiver(settings, { remote, report, recorder, beforeReply });
  const { failFast } = settings;
  const { name } = store;
  const opening = createOpening({ clock, random, logger, errors, failFast, name, open });
  let release: (() => void) | undefined;
  let closed: Promise<void> | undefined;

  async function record(delivery: NewDelivery): Promise<RecordOutcome> {
    // It would be gone with this process, which is ending: the sender shall bring it to another one.
    if (closed !== undefined && !store.durable) throw closing(store.name);
    if (!opening.isOpen) await opening.opened();
    return store.record(delivery);
  }

  async function knownSince(): Promise<number> {
    if (!opening.isOpen) await opening.opened();
    return store.knownSince();
  }

  async function beforeReply(key: string): Promise<void> {
    await worker.attempted(key, settings.beforeReplyMs);
  }

  async function open(): Promise<void> {
    const concurrency = settings.processing === 'elsewhere' ? 0 : handlers.concurrency;
    await store.init?.({ concurrency, logger });
    if (!store.durable)
      logger.warn(
        { code: 'store_forgets', store: store.name },
        'deliveries are kept in memory and gone with the process: use a durable store in production',
      );
    if (settings.processing !== 'elsewhere') worker.start();
  }

  /** Not an async function: that would give another promise, whose rejection nobody may be listening to. */
  function start(): Promise<void> {
    // Without a server, or connections of the store, nothing else keeps a worker's process alive.
    const isWorker = settings.processing !== 'elsewhere' && closed === undefined;
    if (settings.keepAlive && isWorker) release ??= detached(() => keepAlive(clock));
    const started = opening.start();
    if (failFast) started.catch(letGo);
    return started;
  }

  async function shutDown(looks: Promise<void> | undefined): Promise<void> {
    refusals.close();
    // A platform whose processes end with an answer would lose what the page of that answer saw.
    if (looks !== undefined) await atMost(clock, LOOKS_MS, looks);
    opening.close();
    remote.close();
    try {
      await worker.close();
      await atMost(clock, CLOSE_MS, store.close());
    } finally {
      letGo();
    }
  }

  function letGo(): void {
    release?.();
    release = undefined;
  }

  return {
    receive: (request) => receive(receiver, request),
    async recordBody(value, source) {
      const parsed = parseBody('v2', value);
      const body = { kind: 'value', value } as const;
      const origin = { version: 'v2', source, headers: {}, receivedAt: clock.now() } as const;
      const { mode } = settings;
      const delivery = toNewDelivery({ ...origin, body, parsed, mode });
      const outcome = await recordDelivery(recorder, delivery);
      report.recorded(delivery, outcome);
      return outcome;
    },
    knownSince: async () => askStore(recorder, 'tell since when it knows its keys', knownSince),
    wake: () => {
      worker.wake();
    },
    start,
    async close(looks) {
      closed ??= shutDown(looks);
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
  parts: Pick<Receiver, 'report' | 'beforeReply' | 'recorder'> & {
    readonly remote: RemoteVerifier;
  },
): Receiver {
  const { clock, toleranceSeconds, generations, endpointUuid } = settings;
  const { bodyLimitBytes, bodyTimeoutMs } = settings;
  const keys = settings.secrets?.map(createHmacKey);
  return {
    clock,
    mode: settings.mode,
    limits: { clock, bodyLimitBytes, bodyTimeoutMs },
    unverified: createUnverifiedBytes(Math.max(UNVERIFIED_BYTES, 4 * bodyLimitBytes)),
    verifier: {
      keys,
      clock,
      toleranceSeconds,
      generations,
      endpointUuid,
      remote: parts.remote,
      clientOf: createClientOf(settings.clientOf),
    },
    recorder: parts.recorder,
    report: parts.report,
    beforeReply: settings.processing === 'before-reply' ? parts.beforeReply : undefined,
    acknowledgeEverything: settings.acknowledge === 'everything',
  };
}
