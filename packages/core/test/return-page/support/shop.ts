import type { Logger } from '../../../src/logger.js';
import type { HttpRequest, HttpResponse } from '../../../src/http/http.js';
import type { Details } from '../../../src/return-page/details.js';
import { createReturnHandler } from '../../../src/return-page/handle-return.js';
import {
  resolveReturnOptions,
  type ReturnOptions,
} from '../../../src/return-page/return-options.js';
import { createRuntime, type Runtime } from '../../../src/runtime.js';
import {
  createStatusQueries,
  type StatusQueries,
  type StatusQueriesOptions,
} from '../../../src/status/queries.js';
import { type ApiServer, startApi } from '../../api/support/api-server.js';
import {
  API_KEY,
  type CollectingLogger,
  collectingLogger,
  handClock,
} from '../../api/support/kit.js';

export interface Shop {
  readonly api: ApiServer;
  readonly clock: ReturnType<typeof handClock>;
  readonly logger: CollectingLogger;
  readonly queries: StatusQueries;
  readonly details: Details | undefined;
  /** Opens the success page; `url` is path and query. */
  open(
    url: string,
    options?: Partial<ReturnOptions>,
    request?: Partial<HttpRequest>,
  ): Promise<HttpResponse>;
}

/** How a shop differs from what it is by default. */
export interface ShopOptions extends StatusQueriesOptions {
  readonly logger?: Logger;
  /** What pages show of purchases; default nothing. */
  readonly details?: (runtime: Runtime) => Details;
}

/** A shop's return pages over an API on a real socket; its clock stands still until it is turned. */
export async function openShop(
  generation: 'v1' | 'v2' = 'v2',
  options: ShopOptions = {},
): Promise<Shop> {
  const api = await startApi();
  const clock = handClock();
  const logger = collectingLogger();
  const runtime = createRuntime({
    apiKey: API_KEY,
    baseUrl: `${api.origin}/${generation}`,
    webhookSecret: false,
    clock,
    random: () => 0,
    logger: options.logger ?? logger,
  });
  const queries = createStatusQueries(runtime, options);
  const details = options.details?.(runtime);
  const answerReturn = createReturnHandler(runtime, queries, details);
  return {
    api,
    clock,
    logger,
    queries,
    details,
    open: async (url, returnOptions, request) =>
      answerReturn(
        { method: 'GET', url, headers: {}, ...request },
        resolveReturnOptions({ page: 'success', ...returnOptions }),
      ),
  };
}

/** Where v2 is asked for `pay@1`. */
export const STATUS_PATH = '/v2/transaction/session-checkout/pay%401/status';

export const asksForJson: Partial<HttpRequest> = { headers: { accept: 'application/json' } };

/** Resolves once `condition` holds. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 2);
    });
  }
}
