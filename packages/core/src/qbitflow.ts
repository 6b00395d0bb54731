import { createAbortRelay } from './abort-relay.js';
import { getStatus } from './api/transactions.js';
import { answerCheckout } from './checkout/respond.js';
import { shareReads } from './api/client.js';
import { createClientOf } from './http/http.js';
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

/**
 * Creates a kit. Throws `misconfigured` at once for what cannot work.
 * @example
 * const qbitflow = createQBitFlow({ webhookSecret: 'whsec_…' });
 * qbitflow.on('payment.completed', async (event) => await fulfil(event.data.reference));
 */
export function createQBitFlow(options: QBitFlowOptions = {}): QBitFlow {
  const runtime = createRuntime(options);
  const { settings, store, clock, logger, random, errors, diagnostics, api, lead } = runtime;
  const { mode } = settings;
  const registry = createHandlerRegistry();
  const shared = shareReads(api, clock);
  // Pages see payments, webhooks push to pages: the two rooms know each other through these functions only.
  const looks = createLookRecorder({
    recordBody: async (body, source) => inbox.recordBody(body, source),
    knownSince: async () => inbox.knownSince(),
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
  const checkout = createCheckout({
    ...settings,
    api,
    onOpened(session, terms) {
      queries.vouch(session.uuid);
      details.rememberCheckout(session, terms);
    },
  });
  const live = createLiveStatus(settings, { queries, onReport });
  const aborts = createAbortRelay();
  const clientOf = createClientOf(settings.clientOf);
  const asking = { queries, clientOf, clock, logger };
  const viewing = { ...asking, hub: live.hub, places: createStreamPlaces(), random };
  const onRecorded = live.recorded;
  const inbox = createInbox(settings, { api, registry, errors, diagnostics, onRecorded });

  const handleReturn: QBitFlow['handleReturn'] = async (request, returnOptions) =>
    answerReturn({ ...asking, details }, request, returnOptions);
  const handleCheckout: QBitFlow['handleCheckout'] = async (request, toParams) =>
    answerCheckout({ checkout, errors }, request, toParams);
  const handleStatus: QBitFlow['handleStatus'] = async (request, statusOptions) =>
    answerStatus(viewing, request, statusOptions);

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
    report: (error, facts) => {
      errors.report(error, facts);
    },
    handleWebhook: inbox.receive,
    receive: inbox.receive,
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
    deliveries: createDeliveries(store, { registry, mode, wake: inbox.wake }),
    start() {
      live.listen();
      const started = inbox.start();
      // A start that failed has been told of.
      void started.then(looks.begin, () => undefined);
      return started;
    },
    async close() {
      live.close();
      await inbox.close(seen.pending());
      if (isStderrLogger(logger)) logger.flush();
    },
  };
  return kit;
}
