import { getStatus } from './api/transactions.js';
import { answerCheckout } from './checkout/respond.js';
import { shareReads } from './api/client.js';
import { createCheckout } from './checkout/checkout.js';
import { createDeliveries } from './deliveries.js';
import { createHandlerRegistry } from './event/handlers.js';
import type { QBitFlow } from './kit.js';
import type { QBitFlowOptions } from './options.js';
import { createLooks } from './recovery/looks.js';
import { createTransactionRecorder } from './recovery/record-transaction.js';
import { recover } from './recovery/recover.js';
import { createDetails } from './return-page/details.js';
import { createReturnHandler } from './return-page/handle-return.js';
import { resolveReturnOptions } from './return-page/return-options.js';
import { createRuntime } from './runtime.js';
import { createStatusHandler } from './status/handle-status.js';
import { createLiveStatus } from './status/hub.js';
import { createStatusQueries } from './status/queries.js';
import { createWatchStatus } from './status/watch-status.js';
import { isStderrLogger } from './stderr-logger.js';
import { createInbox } from './webhook/inbox.js';

/**
 * Creates a kit. Throws `misconfigured` at once for what cannot work.
 * @example
 * const qbitflow = createQBitFlow({ webhookSecret: 'whsec_…' });
 * qbitflow.on('payment.completed', async (event) => await fulfil(event.data.reference));
 */
export function createQBitFlow(options: QBitFlowOptions = {}): QBitFlow {
  const runtime = createRuntime(options);
  const { settings, store, clock, logger, errors, diagnostics, api } = runtime;
  const { mode } = settings;
  const registry = createHandlerRegistry();
  // Pages see payments, webhooks push to pages: the two rooms know each other through these functions only.
  const looks = createLooks(runtime, {
    recordBody: async (body, source) => inbox.recordBody(body, source),
    knownSince: async () => inbox.knownSince(),
  });
  const pageApi = shareReads(api, clock);
  const transactions = createTransactionRecorder(runtime, looks, pageApi);
  const { onReport } = transactions;
  const queries = createStatusQueries(runtime, { onReport });
  const details = createDetails(runtime, pageApi);
  const checkout = createCheckout({
    ...settings,
    api,
    onOpened(session, terms) {
      queries.vouch(session.uuid);
      details.rememberCheckout(session, terms);
    },
  });
  const live = createLiveStatus(runtime, queries, onReport);
  const { onRecorded } = live;
  const inbox = createInbox(settings, { api, registry, errors, diagnostics, onRecorded });

  const answerReturn = createReturnHandler(runtime, queries, details);
  const handleReturn: QBitFlow['handleReturn'] = async (request, returnOptions) =>
    answerReturn(request, resolveReturnOptions(returnOptions));
  const handleCheckout: QBitFlow['handleCheckout'] = async (request, toParams) =>
    answerCheckout({ checkout, errors }, request, toParams);
  const handleStatus = createStatusHandler(runtime, queries, live.hub);

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
    watchStatus: createWatchStatus(live.hub),
    handleStatus,
    answerStatus: handleStatus,
    recover: async (recoverOptions) => recover(runtime, looks, recoverOptions),
    recheck: transactions.recheck,
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
      await inbox.close(transactions.pending());
      if (isStderrLogger(logger)) logger.flush();
    },
  };
  return kit;
}
