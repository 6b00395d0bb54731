import { getStatus } from './api/transactions.js';
import { shareReads } from './api/client.js';
import { createCheckoutDesk } from './checkout/on-demand.js';
import { createDeliveries } from './deliveries.js';
import { createDeskRoom } from './desk/desk-room.js';
import { createHandlerRegistry } from './event/handlers.js';
import { bareAnswer, bareReturnPage } from './http/not-loaded.js';
import type { QBitFlow } from './kit.js';
import { answerOf, onDemand } from './on-demand.js';
import type { QBitFlowOptions } from './options.js';
import { createLooks } from './recovery/looks.js';
import { createTransactionRecorder } from './recovery/record-transaction.js';
import { recover } from './recovery/recover.js';
import { createDetails } from './return-page/details.js';
import {
  resolveReturnOptions,
  type ResolvedReturnOptions,
  type ReturnOptions,
} from './return-page/return-options.js';
import { createRuntime } from './runtime.js';
import { createLiveStatus } from './status/hub.js';
import { createStatusQueries } from './status/queries.js';
import { createWatchStatus } from './status/watch-status.js';
import { isStderrLogger } from './stderr-logger.js';
import { createInbox } from './webhook/inbox.js';
import { createWebhookReceiver } from './webhook/receive.js';

/**
 * Creates a kit: one for each shop and mode, made once when the process starts.
 * @throws `misconfigured` for what cannot work: nothing to verify deliveries with, an unknown option, a secret in quotes
 * @example
 * ```js
 * import { createServer } from 'node:http';
 * import { createQBitFlow, toNodeHandler } from '@qbitflow/core';
 *
 * const qbitflow = createQBitFlow({ webhookSecret: 'whsec_…' }); // or QBITFLOW_WEBHOOK_SECRET
 * qbitflow.on('payment.completed', async (event) => {
 *   console.log('ship', event.data.reference);
 * });
 * createServer(toNodeHandler(qbitflow)).listen(3000, () => qbitflow.start());
 * ```
 */
export function createQBitFlow(options: QBitFlowOptions = {}): QBitFlow {
  const runtime = createRuntime(options);
  const { clock, logger, errors, api } = runtime;
  const registry = createHandlerRegistry();
  const inbox = createInbox(runtime, registry);
  const receiver = createWebhookReceiver(runtime, inbox);
  const looks = createLooks(runtime, inbox);
  const pageApi = shareReads(api, clock);
  const transactions = createTransactionRecorder(runtime, looks, pageApi);
  const { onReport } = transactions;
  const queries = createStatusQueries(runtime, { onReport });
  const details = createDetails(runtime, pageApi);
  const { checkout, handleCheckout } = createCheckoutDesk(runtime, (session, terms) => {
    queries.vouch(session.uuid);
    details.rememberCheckout(session, terms);
  });
  const live = createLiveStatus(runtime, queries, onReport);
  inbox.onDue(live.onRecorded);

  const { handleWebhook } = receiver;
  const customers = onDemand(async () => {
    const { createCustomerHandlers } = await import('./customer-requests.js');
    return createCustomerHandlers(runtime, { queries, hub: live.hub, details });
  });

  const resolveOptionsOfReturn = (given: ReturnOptions): ResolvedReturnOptions =>
    resolveReturnOptions(given, runtime.settings.pages);
  const handleReturn: QBitFlow['handleReturn'] = async (request, returnOptions) => {
    const resolved = resolveOptionsOfReturn(returnOptions);
    return answerOf(
      customers,
      async (handlers) => handlers.handleReturn(request, resolved),
      (error) => {
        errors.report(error, { stage: 'return' });
        return bareReturnPage(resolved.brand);
      },
    );
  };
  const handleStatus: QBitFlow['handleStatus'] = async (request, statusOptions) =>
    answerOf(
      customers,
      async (handlers) => handlers.handleStatus(request, statusOptions),
      (error) => {
        errors.report(error, { stage: 'return' });
        return bareAnswer();
      },
    );
  const deliveries = createDeliveries(runtime, registry, inbox.wake);
  const askStatus: QBitFlow['getStatus'] = async (reference) => getStatus(api, reference);
  const desk = createDeskRoom(runtime, deliveries);

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
    resolveReturnOptions: resolveOptionsOfReturn,
    checkout,
    handleCheckout,
    answerCheckout: handleCheckout,
    getStatus: askStatus,
    watchStatus: createWatchStatus(live.hub),
    handleStatus,
    answerStatus: handleStatus,
    recover: async (recoverOptions) => recover(runtime, looks, recoverOptions),
    recheck: transactions.recheck,
    handleDesk: desk.handleDesk,
    handleMetrics: desk.handleMetrics,
    deliveries,
    start() {
      live.listen();
      const started = inbox.start();
      // A start that failed has been reported.
      void started.then(looks.begin, () => undefined);
      return started;
    },
    async close() {
      live.close();
      desk.close();
      receiver.close();
      await inbox.close(transactions.pending());
      if (isStderrLogger(logger)) logger.flush();
    },
  };
  return kit;
}
