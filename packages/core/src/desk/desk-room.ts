import { bareAnswer } from '../http/not-loaded.js';
import type { HttpResponse } from '../http/http.js';
import type { QBitFlow } from '../kit.js';
import { answerOf, onDemand } from '../on-demand.js';
import type { Runtime } from '../runtime.js';
import type { Desk } from './desk.js';

/** What of a kit is for operators. */
export type DeskRoom = Pick<QBitFlow, 'handleDesk' | 'handleMetrics'> & { close(): void };

/** The desk and the metrics, loaded with the first request for one: most processes of a merchant's only take webhooks. */
export function createDeskRoom(runtime: Runtime, deliveries: QBitFlow['deliveries']): DeskRoom {
  const begun = runtime.clock.now();
  let desk: Desk | undefined;
  let isClosed = false;

  const loadDesk = onDemand(async () => {
    const { createDesk } = await import('./desk.js');
    desk = createDesk(runtime, deliveries);
    return desk;
  });
  const loadMetrics = onDemand(async () => {
    const { createMetrics } = await import('./metrics.js');
    return createMetrics(runtime, deliveries, begun);
  });

  function notLoaded(error: unknown): HttpResponse {
    runtime.errors.report(error, { stage: 'respond' });
    return bareAnswer();
  }

  return {
    handleDesk: async (request, options = {}) =>
      answerOf(
        loadDesk,
        async (loaded) => {
          if (isClosed) loaded.close();
          return loaded.handle(request, options);
        },
        notLoaded,
      ),
    handleMetrics: async (request, options = {}) =>
      answerOf(loadMetrics, async (loaded) => loaded.handle(request, options), notLoaded),
    close() {
      isClosed = true;
      desk?.close();
    },
  };
}
