import {
  type ClientNaming,
  isNavigation,
  siteOf,
  headerOf,
  type HttpRequest,
  type HttpResponse,
} from '../http/http.js';
import type { Clock } from '../clock.js';
import type { Logger } from '../logger.js';
import { acceptsJson } from './accepts-json.js';
import { authorizeReturn } from './authorize-return.js';
import { decideOutcome, invalidOutcome } from './decide-outcome.js';
import type { Details } from './details.js';
import type { StatusAnswer, StatusQueries } from '../status/queries.js';
import { looksOf } from './look-again.js';
import { methodNotAllowed, renderOutcome, renderStep } from './render-outcome.js';
import { type ReturnOptions, resolveReturnOptions } from './return-options.js';
import { validateQuery } from './validate-query.js';

/** What {@link answerReturn} works with. */
export interface ReturnDeps {
  readonly queries: StatusQueries;
  readonly clientOf: ClientNaming;
  readonly logger: Logger;
  readonly clock: Clock;
  /** What pages may show of purchases beside their state. */
  readonly details?: Details | undefined;
}

/**
 * Shows a customer who comes back from the checkout where the payment stands, as the API says and never as the URL
 * says. Throws `misconfigured` for a bad redirect target and nothing else.
 */
export async function answerReturn(
  deps: ReturnDeps,
  request: HttpRequest,
  returnOptions: ReturnOptions,
): Promise<HttpResponse> {
  const options = resolveReturnOptions(returnOptions);
  const { page, timeoutMs } = options;
  if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();

  const query = validateQuery(request.url, options);
  if (!query.ok) {
    const level = query.problem === 'unfilled' ? 'warn' : 'info';
    deps.logger[level](
      { code: 'return_link_unreadable', page, problem: query.problem },
      HINTS[query.problem],
    );
    return renderOutcome(deps, { request, outcome: invalidOutcome(page), options });
  }
  const { reference } = query;

  const isAllowed = await authorizeReturn(deps, { request, reference, options });
  if (!isAllowed && mayLackCookies(request)) {
    const outcome = decideOutcome(page, reference, { kind: 'undecided' });
    return renderStep({ request, outcome, options });
  }
  const asker = { client: deps.clientOf(request), isVouched: options.authorize !== undefined };
  const answer: StatusAnswer = isAllowed
    ? await deps.queries.ask(reference, timeoutMs, asker)
    : { kind: 'unknown' };

  const decided = decideOutcome(page, reference, answer);
  const details = answer.kind === 'report' ? await deps.details?.of(answer.report) : undefined;
  const outcome = { ...decided, details };
  return renderOutcome(deps, { request, outcome, options, reference });
}

/**
 * A buyer who comes from QBitFlow's site is a stranger to `authorize` until a page of the shop has sent them on. Where
 * the browser says that another site has, a few times at most: in some frames every page is another site.
 */
function mayLackCookies(request: HttpRequest): boolean {
  if (request.method !== 'GET' || acceptsJson(headerOf(request.headers, 'accept'))) return false;
  return isNavigation(request) && looksOf(request) < MOST_STEPS[siteOf(request)];
}

const MOST_STEPS = { other: 3, untold: 1, own: 0 } as const;

const HINTS = {
  missing: 'a return URL came without an id: build successUrl and cancelUrl with returnUrl()',
  repeated: 'a return URL came with two different ids or types: name each query parameter once',
  unfilled:
    'a return URL came with its placeholder: its braces were percent-encoded when the session was created; build it with returnUrl()',
  malformed: 'a return URL came with something that is no id: probably a stranger trying',
} as const;
