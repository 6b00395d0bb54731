import { ASKING_LINES } from '../asking-lines.js';
import { createClientOf } from '../http/client-of.js';
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
import { pageStyle } from './style.js';
import { createLanguages, type Languages } from './words/languages.js';
import { languageOfText } from './words/text-language.js';

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
  const pages = createPages();
  const clientOf = createClientOf(runtime.settings.clientOf);

  return async (request, options) => {
    const { page, timeoutMs } = options;
    if (request.method !== 'GET' && request.method !== 'HEAD') return methodNotAllowed();

    const { languages, style } = pages(options);
    const language = await languages.of(request, runtime.diagnostics);
    const shown = { request, options, language, style };
    const query = validateQuery(request.url, options.queryNames);
    if (!query.ok) {
      runtime.diagnostics.say(ASKING_LINES, 'return_link_unreadable', {
        page,
        problem: query.problem,
      });
      return renderOutcome(runtime, { ...shown, outcome: invalidOutcome(page) });
    }
    const { reference } = query;

    const isAllowed = await authorizeReturn(runtime, request, reference, options);
    if (!isAllowed && mayLackCookies(request)) {
      const outcome = decideOutcome(page, reference, { kind: 'undecided' });
      return renderStep({ ...shown, outcome });
    }
    const patienceMs = goesOn(request, options) ? options.paintMs : timeoutMs;
    const until = runtime.clock.now() + patienceMs;
    const asker = { client: clientOf(request), isVouched: options.authorize !== undefined };
    const answer: StatusAnswer = isAllowed
      ? await queries.ask(reference, patienceMs, asker)
      : { kind: 'unknown' };

    const decided = decideOutcome(page, reference, answer);
    const found =
      answer.kind === 'report'
        ? await details?.of(answer.report, until - runtime.clock.now())
        : undefined;
    const outcome = { ...decided, details: found?.details };
    return renderOutcome(runtime, { ...shown, outcome, reference, more: found?.pending });
  };
}

/** Whether there is a page of ours that says "waiting" and comes to say more by itself. */
function goesOn({ headers }: HttpRequest, { redirects }: ResolvedReturnOptions): boolean {
  return redirects.waiting === undefined && !acceptsJson(headerOf(headers, 'accept'));
}

/** What all requests of one page share, made with the first. */
interface Page {
  readonly languages: Languages;
  readonly style: string;
}

function createPages(): (options: ResolvedReturnOptions) => Page {
  const known = new WeakMap<ResolvedReturnOptions, Page>();
  return (options) => {
    const page = known.get(options) ?? {
      languages: languagesOf(options),
      style: pageStyle(options.brand?.accent),
    };
    known.set(options, page);
    return page;
  };
}

/** Words of the merchant's own say which language the others should be in, where nothing else does. */
function languagesOf({ page, locales, texts }: ResolvedReturnOptions): Languages {
  const own = Object.values(texts).map(({ title = '', lines = [] }) => [title, ...lines].join(' '));
  const spoken = locales === undefined ? languageOfText(own.join(' ')) : undefined;
  return createLanguages(`the ${page} page`, spoken === undefined ? locales : [spoken]);
}
