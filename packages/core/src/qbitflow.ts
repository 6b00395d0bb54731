import { createAbortRelay } from './abort-relay.js';
import { getStatus } from './api/transactions.js';
import { handleCheckout as respondToCheckout } from './checkout/respond.js';
import { shareReads } from './api/client.js';
import { createCheckout } from './checkout/checkout.js';
import { createDeliveries } from './deliveries.js';
import { createHandlerRegistry } from './event/handlers.js';
import type { QBitFlow } from './kit.js';
import type { QBitFlowOptions } from './options.js';
import { createOpenSightings } from './recovery/open-sightings.js';
import { recheck } from './recovery/recheck.js';
import { createLookRecorder } from './recovery/record-look.js';
import { createSeenRecorder } from './recovery/record-seen.js';
import { recover } from './recovery/recover.js';
import { createRuntime } from './runtime.js';
import { answerReturn } from './return-page/handle-return.js';
import { createDetails } from './return-page/details.js';
import { answerStatus } from './status/handle-status.js';
import { isStderrLogger } from './stderr-logger.js';
import { createLiveStatus } from './status/live-status.js';
import { createStatusQueries } from './status/queries.js';
import { createStreamPlaces } from './status/stream-places.js';
import { watchStatus } from './status/watch-status.js';
import { createInbox } from './webhook/inbox.js';
import { createWebhookReceiver } from './webhook/receive.js';

/**
 * Creates a kit. Throws `misconfigured` at once for what cannot work.
 * @example
 * const qbitflow = createQBitFlow({ webhookSecret: 'whsec_…' });
 * qbitflow.on('payment.completed', async (event) => await fulfil(event.data.reference));
 */
export function createQBitFlow(options: QBitFlowOptions = {}): QBitFlow {
  const runtime = createRuntime(options);
  const { settings, clock, logger, random, errors, diagnostics, api, lead, clientOf } = runtime;
  const registry = createHandlerRegistry();
  const inbox = createInbox(runtime, registry);
  const receiver = createWebhookReceiver(runtime, inbox);
  const shared = shareReads(api, clock);
  const looks = createLookRecorder({
    recordBody: inbox.recordBody,
    knownSince: inbox.knownSince,
    keepKeysMs: settings.handlers.keepKeysMs,
    clock,
    leadMs: lead.ms,
  });
  const sightings = createOpenSightings(clock);
  const seeing = { api, recordLook: looks.record, sightings, clock, diagnostics, logger };
  const seen = createSeenRecorder({ ...seeing, api: shared });
  const { onReport } = seen;
  const queries = createStatusQueries({ api, clock, logger, onReport });
  const details = createDetails({ api: shared, clock, logger });
  const checkout = createCheckout(runtime, (session, terms) => {
    queries.vouch(session.uuid);
    details.rememberCheckout(session, terms);
  });
  const live = createLiveStatus(settings, { queries, onReport });
  inbox.onDue(live.recorded);
  const aborts = createAbortRelay();
  const asking = { queries, clientOf, clock, logger };
  const viewing = { ...asking, hub: live.hub, places: createStreamPlaces(), random };

  const { handleWebhook } = receiver;
  const handleReturn: QBitFlow['handleReturn'] = async (request, returnOptions) =>
    answerReturn({ ...asking, details }, request, returnOptions);
  const handleCheckout: QBitFlow['handleCheckout'] = async (request, toParams) =>
    respondToCheckout(runtime, checkout, request, toParams);
  const handleStatus: QBitFlow['handleStatus'] = async (request, statusOptions) =>
    answerStatus(viewing, request, statusOptions);

  /** The same method, for chains of calls. */
  function chained<Args extends readonly unknown[]>(
    method: (...args: Args) => void,
  ): (...args: Args) => QBitFlow {
    return (...args) => {
      method(...args);
      return kit;
    };
  }

  const kit: QBitFlow = {
    on: chained(registry.on),
    onAny: chained(registry.onAny),
    onUnknown: chained(registry.onUnknown),
    onError: chained(errors.listen),
    report: errors.report,
    handleWebhook,
    receive: handleWebhook,
    handleReturn,
    confirmReturn: handleReturn,
    checkout,
    handleCheckout,
    answerCheckout: handleCheckout,
    getStatus: async (reference) => getStatus(api, reference),
    watchStatus: (reference, watchOptions) =>
      watchStatus({ hub: live.hub, aborts }, reference, watchOptions),
    handleStatus,
    answerStatus: handleStatus,
    recover: async (recoverOptions) => recover(seeing, recoverOptions),
    recheck: async (reference) => recheck(seeing, reference),
    deliveries: createDeliveries(runtime, registry, inbox.wake),
    start() {
      live.listen();
      const started = inbox.start();
      // A start that failed has been reported.
      void started.then(looks.begin, () => undefined);
      return started;
    },
    async close() {
      live.close();
      receiver.close();
      await inbox.close(seen.pending());
      if (isStderrLogger(logger)) logger.flush();
    },
  };
  return kit;
}
