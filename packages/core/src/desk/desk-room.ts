import type { QBitFlow } from '../kit.js';
import type { Runtime } from '../runtime.js';
import type { Desk } from './desk.js';
import type { Metrics } from './metrics.js';

/** What of a kit is for operators. */
export type DeskRoom = Pick<QBitFlow, 'handleDesk' | 'handleMetrics'> & { close(): void };

/** The desk and the metrics, loaded with the first request for one: most processes of a merchant's only take webhooks. */
export function createDeskRoom(runtime: Runtime, deliveries: QBitFlow['deliveries']): DeskRoom {
  let desk: Promise<Desk> | undefined;
  let metrics: Promise<Metrics> | undefined;
  const begun = runtime.clock.now();
  let isClosed = false;

  async function loadDesk(): Promise<Desk> {
    const { createDesk } = await import('./desk.js');
    return createDesk(runtime, deliveries);
  }

  async function loadMetrics(): Promise<Metrics> {
    const { createMetrics } = await import('./metrics.js');
    return createMetrics(runtime, deliveries, begun);
  }

  return {
    async handleDesk(request, options = {}) {
      desk ??= loadDesk();
      const loaded = await desk;
      if (isClosed) loaded.close();
      return loaded.handle(request, options);
    },
    async handleMetrics(request, options = {}) {
      metrics ??= loadMetrics();
      return (await metrics).handle(request, options);
    },
    close() {
      isClosed = true;
      void desk?.then(
        (loaded) => loaded.close(),
        () => undefined,
      );
    },
  };
}
