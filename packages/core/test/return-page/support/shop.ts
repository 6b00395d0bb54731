import { type HttpRequest, type HttpResponse, createClientOf } from '../../../src/http/http.js';
import { type ReturnDeps, answerReturn } from '../../../src/return-page/handle-return.js';
import { type StatusQueriesOptions, createStatusQueries } from '../../../src/status/queries.js';
import type { ReturnOptions } from '../../../src/return-page/return-options.js';
import { type ApiServer, startApi } from '../../api/support/api-server.js';
import {
  type CollectingLogger,
  client,
  collectingLogger,
  handClock,
} from '../../api/support/kit.js';

export interface Shop {
  readonly api: ApiServer;
  readonly clock: ReturnType<typeof handClock>;
  readonly logger: CollectingLogger;
  readonly deps: ReturnDeps;
  /** Opens the success page; `url` is path and query. */
  open(
    url: string,
    options?: Partial<ReturnOptions>,
    request?: Partial<HttpRequest>,
  ): Promise<HttpResponse>;
}

/** A shop's return pages over an API on a real socket; its clock stands still until it is turned. */
export async function openShop(
  generation: 'v1' | 'v2' = 'v2',
  limits: Partial<StatusQueriesOptions> = {},
): Promise<Shop> {
  const api = await startApi();
  const clock = handClock();
  const logger = collectingLogger();
  const queries = createStatusQueries({
    api: client(`${api.origin}/${generation}`, { clock }),
    clock,
    logger,
    ...limits,
  });
  const deps = { queries, clientOf: createClientOf(), logger, clock };
  return {
    api,
    clock,
    logger,
    deps,
    open: async (url, options, request) =>
      answerReturn(
        deps,
        { method: 'GET', url, headers: {}, ...request },
        { page: 'success', ...options },
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
