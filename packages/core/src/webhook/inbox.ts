import { detached } from '../async-context.js';
import { atMost, keepAlive, type CancelTimer } from '../clock.js';
import { QBitFlowError } from '../errors.js';
import type { HandlerRegistry } from '../event/handlers.js';
import { NEWEST, readBody } from '../protocol/index.js';
import type { RecordBody } from '../recovery/looks.js';
import type { Runtime } from '../runtime.js';
import { isPending, type Soon } from '../settled.js';
import type { NewDelivery, RecordOutcome } from '../store/durable-store.js';
import { createLaterWebhooks } from './later-webhooks.js';
import { askStore, toNewDelivery } from './record.js';
import { createReceiveReport, type ReceiveReport } from './report.js';
import { createStoreOpening } from './store-opening.js';
import { createWorker } from './worker.js';

/** Where deliveries wait for their handlers: what comes in is recorded and reported, and a worker empties it. */
export interface Inbox {
  readonly report: ReceiveReport;
  /**
   * Records a delivery, reports it and has it processed: at once where the store can. Fails with `store_unavailable` after
   * `recordTimeoutMs`: a record that succeeds after that is a duplicate by the time the sender comes again, and harmless.
   */
  record(delivery: NewDelivery): Soon<RecordOutcome>;
  /** Records a v2 body that came another way. Rejects when the store does not take it. */
  readonly recordBody: RecordBody;
  /** Since when the store knows every key it was given, ms since 1970 by its clock. Rejects when it does not say. */
  readonly knownSince: () => Promise<number>;
  /** `listener` is called with every delivery that this process was the first to record and that is due. */
  onDue(listener: (delivery: NewDelivery) => void): void;
  /** Waits for the attempt at a delivery before it is answered, `beforeReplyMs` at most. */
  attempted(key: string): Promise<void>;
  /** Something may be due. */
  readonly wake: () => void;
  /** Prepares the store and begins to process. After a failure it can be called again. */
  start(): Promise<void>;
  /** Ends the processing and closes the store. `looks`: what pages have seen and is still to be recorded, if anything. */
  close(looks: Promise<void> | undefined): Promise<void>;
}

/** How long closing waits for looks to be recorded, in ms. */
const LOOKS_MS = 2_000;
/** How long a store may take to close after the handlers have ended, in ms. */
const CLOSE_MS = 1_000;

/** An inbox that has not been started. */
export function createInbox(runtime: Runtime, registry: HandlerRegistry): Inbox {
  const { settings, store, clock, logger, diagnostics } = runtime;
  const { mode, failFast, beforeReplyMs } = settings;
  const { counts: activity } = runtime.activity;
  const isWorker = settings.processing !== 'elsewhere';
  const laterWebhooks = createLaterWebhooks(runtime);
  const worker = createWorker(runtime, registry, laterWebhooks);
  const report = createReceiveReport(runtime, registry);
  const opening = createStoreOpening(runtime, open);
  const dueListeners: ((delivery: NewDelivery) => void)[] = [];
  let release: CancelTimer | undefined;
  let closed: Promise<void> | undefined;

  async function open(): Promise<void> {
    const concurrency = isWorker ? settings.handlers.concurrency : 0;
    await store.init?.({ concurrency, logger });
    if (!store.durable) diagnostics.log('store_forgets', { store: store.name });
    if (isWorker) worker.start();
    runtime.activity.start(concurrency, () => worker.running);
  }

  function record(delivery: NewDelivery): Soon<RecordOutcome> {
    const recording = askStore(runtime, 'record', () => recordOpened(delivery));
    return isPending(recording)
      ? recording.then((outcome) => recorded(delivery, outcome))
      : recorded(delivery, recording);
  }

  function recorded(delivery: NewDelivery, outcome: RecordOutcome): RecordOutcome {
    const { type, dead, receivedAt } = delivery;
    const isDuplicate = outcome.status === 'duplicate';
    report.recorded(delivery, outcome);
    activity.received(type, isDuplicate, receivedAt);
    if (dead !== undefined && !isDuplicate) activity.died(type);
    // It may bring what the first one lacked.
    if (isDuplicate) laterWebhooks.arrived(delivery.key);
    else if (dead === undefined && delivery.unhandled === undefined)
      for (const listener of dueListeners) listener(delivery);
    return outcome;
  }

  function recordOpened(delivery: NewDelivery): Soon<RecordOutcome> {
    // It would be gone with this process, which is ending: the sender shall bring it to another one.
    if (closed !== undefined && !store.durable) throw closing(store.name);
    if (opening.isOpen) return worker.record(delivery);
    return opening.opened().then(() => worker.record(delivery));
  }

  async function knownSince(): Promise<number> {
    if (!opening.isOpen) await opening.opened();
    return store.knownSince();
  }

  async function shutDown(looks: Promise<void> | undefined): Promise<void> {
    report.close();
    // A platform whose processes end with an answer would lose what the page of that answer saw.
    if (looks !== undefined) await atMost(clock, LOOKS_MS, looks);
    opening.close();
    try {
      await worker.close();
      await runtime.activity.close();
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
    report,
    record,
    async recordBody(value, source) {
      const { version, parsed } = readBody(NEWEST.name, value);
      const body = { kind: 'value', value } as const;
      const origin = { version, source, headers: {}, receivedAt: clock.now() } as const;
      return record(toNewDelivery({ body, parsed, mode, ...origin }));
    },
    knownSince: async () => askStore(runtime, 'tell since when it knows its keys', knownSince),
    onDue(listener) {
      dueListeners.push(listener);
    },
    attempted: async (key) => worker.attempted(key, beforeReplyMs),
    wake: () => {
      worker.wake();
    },
    /** Not an async function: that would give another promise, whose rejection may have no listener. */
    start() {
      // Without a server, or connections of the store, nothing else keeps a worker's process alive.
      if (settings.keepAlive && isWorker && closed === undefined)
        release ??= detached(() => keepAlive(clock));
      const started = opening.start();
      if (failFast) started.catch(letGo);
      return started;
    },
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
