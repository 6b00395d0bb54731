import { type HttpRequest, type HttpResponse } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import type { StatusQueries } from '../status/queries.js';
import type { StatusAnswer } from '../status/transaction-status.js';
import { authorizeReturn, mayLackCookies } from './authorize.js';
import type { Details } from './details.js';
import { decideOutcome, invalidOutcome } from './outcome.js';
import { methodNotAllowed, renderOutcome, renderStep } from './render.js';
import type { ResolvedReturnOptions } from './return-options.js';
import { validateQuery } from './return-query.js';

/** Answers one request of a return page. Never rejects. */
export type ReturnHandler = (
  request: HttpRequest,
  options: ResolvedReturnOptions,
) => Promise<HttpResponse>;

/**
 * Shows a customer who comes back from the checkout where the payment stands, as the API says and never as the URL
 * says. `details`: what pages may show of purchases beside their state.
 */
export function createReturnHandler(
  runtime: Runtime,
  queries: StatusQueries,
  details?: Details,
): ReturnHandler {
  return async (request, options) => {
    const { page, timeoutMs } = options;
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();

    const query = validateQuery(request.url, options.queryNames);
    if (!query.ok) {
      runtime.diagnostics.log('return_link_unreadable', { page, problem: query.problem });
      return renderOutcome(runtime, { request, outcome: invalidOutcome(page), options });
    }
    const { reference } = query;

    const isAllowed = await authorizeReturn(runtime, request, reference, options);
    if (!isAllowed && mayLackCookies(request)) {
      const outcome = decideOutcome(page, reference, { kind: 'undecided' });
      return renderStep({ request, outcome, options });
    }
    const asker = { client: runtime.clientOf(request), isVouched: options.authorize !== undefined };
    const answer: StatusAnswer = isAllowed
      ? await queries.ask(reference, timeoutMs, asker)
      : { kind: 'unknown' };

    const decided = decideOutcome(page, reference, answer);
    const bought = answer.kind === 'report' ? await details?.of(answer.report) : undefined;
    const outcome = { ...decided, details: bought };
    return renderOutcome(runtime, { request, outcome, options, reference });
  };
}
