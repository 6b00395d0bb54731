import { createAsking } from './asking.js';
import { createCheckoutDesk } from './checkout/on-demand.js';
import { createDeliveries } from './deliveries.js';
import { createDeskRoom } from './desk/desk-room.js';
import { createHandlerRegistry } from './event/handlers.js';
import type { QBitFlow } from './kit.js';
import type { QBitFlowOptions } from './options.js';
import { createLooks } from './recovery/looks.js';
import {
  resolveReturnOptions,
  type ResolvedReturnOptions,
  type ReturnOptions,
} from './return-page/return-options.js';
import { createRuntime } from './runtime.js';
import { createNews } from './status/news.js';
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
  const { logger, errors } = runtime;
  const registry = createHandlerRegistry();
  const inbox = createInbox(runtime, registry);
  const receiver = createWebhookReceiver(runtime, inbox);
  const looks = createLooks(runtime, inbox);
  const news = createNews(runtime);
  const asking = createAsking(runtime, { looks, news });
  const { checkout, handleCheckout } = createCheckoutDesk(runtime, asking.rememberCheckout);
  inbox.onDue(news.onRecorded);

  const { handleWebhook } = receiver;
  const resolveOptionsOfReturn = (given: ReturnOptions): ResolvedReturnOptions =>
    resolveReturnOptions(given, runtime.settings.pages);
  const handleReturn: QBitFlow['handleReturn'] = async (request, returnOptions) =>
    asking.handleReturn(request, resolveOptionsOfReturn(returnOptions));
  const { getStatus, watchStatus, handleStatus, recover, recheck } = asking;
  const deliveries = createDeliveries(runtime, registry, inbox.wake);
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
    getStatus,
    watchStatus,
    handleStatus,
    answerStatus: handleStatus,
    recover,
    recheck,
    handleDesk: desk.handleDesk,
    handleMetrics: desk.handleMetrics,
    deliveries,
    start() {
      news.hearOthers();
      const started = inbox.start();
      // A start that failed has been reported.
      void started.then(looks.begin, () => undefined);
      return started;
    },
    async close() {
      news.close();
      asking.close();
      desk.close();
      receiver.close();
      await inbox.close(asking.pending());
      if (isStderrLogger(logger)) logger.flush();
    },
  };
  return kit;
}
