import type { TransactionReference } from '../api/transaction-ids.js';
import { QBitFlowError } from '../errors.js';
import type { HttpRequest } from '../http/http.js';
import { assertKnownOptions } from '../known-options.js';
import type { ReturnOutcome, ReturnState } from './outcome.js';
import type { PageWords } from './page.js';
import type { QueryNames } from './return-query.js';

/** How a return page behaves. */
export interface ReturnOptions {
  /** Which of the two URLs this page serves. Both tell the same truth, in different words. */
  readonly page: 'success' | 'cancel';
  /** Query names by preference; the first that is present counts. Default `uuid`, `session` and `type`, `transactionType`. */
  readonly queryNames?:
    { readonly uuid?: readonly string[]; readonly type?: readonly string[] } | undefined;
  /**
   * Binds a return to the signed-in buyer. Only `true` lets it through; `false`, a throw or no answer within
   * `timeoutMs` shows the page of an unknown payment (404), which does not tell whether the payment exists. A browser
   * that another site has sent here comes without cookies that are `SameSite=Strict`: when it is refused, the page sends
   * it on to itself, with the query parameter `qbitflow-look=1`, and asks again.
   *
   * `true` also vouches for the id, here and on the status route: where pages ask about more than the API takes, it is
   * asked about before ids that may be made up, also while the API asks for a pause, and its live streams keep their
   * places. An `authorize` that says `true` to any id spends that on made-up ones.
   */
  readonly authorize?:
    | ((request: HttpRequest, reference: TransactionReference) => boolean | Promise<boolean>)
    | undefined;
  /**
   * HTML for the page's body, in place of ours; not escaped. Headers stay as they are: the content security policy
   * allows no style and no script but ours, so use `redirects` for a page of your own.
   */
  readonly render?: ((outcome: ReturnOutcome) => string) | undefined;
  /** Words of your own, by outcome. Text, not HTML. */
  readonly texts?: Partial<Readonly<Record<ReturnState, PageWords>>> | undefined;
  /**
   * Where the status route is, as seen from this page (without a slash at its end), for live updates; `false` for none.
   * On another origin it has to allow this one (CORS). Default `status`, its place in our router.
   */
  readonly live?: string | false | undefined;
  /**
   * Where browsers are sent instead (303) by outcome: an absolute http(s) URL or a path. JSON callers are not sent on. A
   * page that needs a `SameSite=Strict` cookie gets it where `authorize` needs it too.
   */
  readonly redirects?: Partial<Readonly<Record<ReturnState, string>>> | undefined;
  /** How long a customer waits for the API before the page says "waiting" (ms); default 5 000. */
  readonly timeoutMs?: number | undefined;
}

/** Options with every default filled in and every redirect target checked: they are options still, and resolved once. */
export class ResolvedReturnOptions implements ReturnOptions {
  readonly page: 'success' | 'cancel';
  readonly queryNames: QueryNames;
  readonly authorize: ReturnOptions['authorize'];
  readonly render: ReturnOptions['render'];
  readonly texts: NonNullable<ReturnOptions['texts']>;
  readonly live: string | false;
  readonly redirects: NonNullable<ReturnOptions['redirects']>;
  readonly timeoutMs: number;

  /** Throws `misconfigured` as {@link resolveReturnOptions} does. */
  constructor(options: ReturnOptions) {
    assertKnown(options);
    this.page = options.page;
    this.queryNames = {
      uuid: options.queryNames?.uuid ?? ['uuid', 'session'],
      type: options.queryNames?.type ?? ['type', 'transactionType'],
    };
    this.authorize = options.authorize;
    this.render = options.render;
    this.texts = { ...options.texts };
    this.live = options.live ?? 'status';
    this.redirects = Object.fromEntries(
      Object.entries(options.redirects ?? {}).map(([state, target]) => [
        state,
        locationOf(state, target),
      ]),
    );
    this.timeoutMs = options.timeoutMs ?? 5000;
  }
}

/**
 * Fills in the defaults; options that are resolved already are returned as they are. Throws `misconfigured` for a redirect
 * target that is neither an http(s) URL nor a path, and for an option or an outcome that does not exist.
 */
export function resolveReturnOptions(options: ReturnOptions): ResolvedReturnOptions {
  return options instanceof ResolvedReturnOptions ? options : new ResolvedReturnOptions(options);
}

const NAMES = Object.keys({
  page: true,
  queryNames: true,
  authorize: true,
  render: true,
  texts: true,
  live: true,
  redirects: true,
  timeoutMs: true,
} satisfies Record<keyof ReturnOptions, true>);

const STATES = Object.keys({
  paid: true,
  waiting: true,
  failed: true,
  expired: true,
  unknown: true,
  invalid: true,
} satisfies Record<ReturnState, true>);

function assertKnown(options: ReturnOptions): void {
  const call = `the ${options.page} page`;
  assertKnownOptions(call, options, NAMES);
  assertKnownOptions(`${call}: redirects`, options.redirects, STATES);
  assertKnownOptions(`${call}: texts`, options.texts, STATES);
  assertKnownOptions(`${call}: queryNames`, options.queryNames, ['uuid', 'type']);
  for (const name of ['authorize', 'render'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw new QBitFlowError('misconfigured', `${call}: ${name} must be a function`);
}

const NO_HOST = 'http://path.invalid';

function locationOf(state: string, target: string): string {
  const url = URL.canParse(target, NO_HOST) ? new URL(target, NO_HOST) : undefined;
  // `//host`, `/\host` and `/<tab>/host` look like paths and are hosts to a browser: the parser tells.
  if (target.startsWith('/') && url?.origin === NO_HOST) {
    return url.pathname.startsWith('//')
      ? misdirected(state)
      : url.pathname + url.search + url.hash;
  }
  const isWeb = /^https?:\/\//i.test(target) && url !== undefined;
  return isWeb && url.username === '' && url.password === '' ? url.href : misdirected(state);
}

function misdirected(state: string): never {
  throw new QBitFlowError(
    'misconfigured',
    `redirects.${state} is no place to send a customer: use a path ('/thanks') or an absolute http(s) URL without credentials`,
  );
}
