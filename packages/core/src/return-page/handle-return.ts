import { headerOf, type HttpRequest, type HttpResponse } from '../http/http.js';
import type { Runtime } from '../runtime.js';
import type { StatusQueries } from '../status/queries.js';
import type { StatusAnswer } from '../status/transaction-status.js';
import { authorizeReturn, mayLackCookies } from './authorize.js';
import type { Details } from './details.js';
import { acceptsJson } from './html.js';
import { decideOutcome, invalidOutcome } from './outcome.js';
import { methodNotAllowed, renderOutcome, renderStep } from './render.js';
import type { ResolvedReturnOptions } from './return-options.js';
import { validateQuery } from './return-query.js';
import { createLanguages, type Languages } from './words/languages.js';

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
  const languages = createLanguageChoice();

  return async (request, options) => {
    const { page, timeoutMs } = options;
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();

    const language = await languages(options).of(request, runtime.diagnostics);
    const query = validateQuery(request.url, options.queryNames);
    if (!query.ok) {
      runtime.diagnostics.log('return_link_unreadable', { page, problem: query.problem });
      return renderOutcome(runtime, { request, outcome: invalidOutcome(page), options, language });
    }
    const { reference } = query;

    const isAllowed = await authorizeReturn(runtime, request, reference, options);
    if (!isAllowed && mayLackCookies(request)) {
      const outcome = decideOutcome(page, reference, { kind: 'undecided' });
      return renderStep({ request, outcome, options, language });
    }
    const patienceMs = goesOn(request, options) ? options.paintMs : timeoutMs;
    const until = runtime.clock.now() + patienceMs;
    const asker = { client: runtime.clientOf(request), isVouched: options.authorize !== undefined };
    const answer: StatusAnswer = isAllowed
      ? await queries.ask(reference, patienceMs, asker)
      : { kind: 'unknown' };

    const decided = decideOutcome(page, reference, answer);
    const found =
      answer.kind === 'report'
        ? await details?.of(answer.report, until - runtime.clock.now())
        : undefined;
    const outcome = { ...decided, details: found?.details };
    const more = found?.pending;
    return renderOutcome(runtime, { request, outcome, options, language, reference, more });
  };
}

/** Whether there is a page of ours that says "waiting" and comes to say more by itself. */
function goesOn({ headers }: HttpRequest, { redirects }: ResolvedReturnOptions): boolean {
  return redirects.waiting === undefined && !acceptsJson(headerOf(headers, 'accept'));
}

/** The languages of each page, read once. */
function createLanguageChoice(): (options: ResolvedReturnOptions) => Languages {
  const known = new WeakMap<ResolvedReturnOptions, Languages>();
  return (options) => {
    const languages =
      known.get(options) ?? createLanguages(`the ${options.page} page`, options.locales);
    known.set(options, languages);
    return languages;
  };
}
