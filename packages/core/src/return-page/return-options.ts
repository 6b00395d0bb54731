import type { TransactionReference } from '../api/transaction-ids.js';
import type { HttpRequest } from '../http/http.js';
import { assertKnownOptions, misconfigured } from '../known-options.js';
import { type Brand, checkBrand, checkLink, placeOf } from './brand.js';
import { checkAdditions, type CspAdditions } from './csp-additions.js';
import type { ReturnOutcome, ReturnState } from './outcome.js';
import type { QueryNames } from './return-query.js';
import { resolveLocales, type LocaleOption } from './words/locales.js';

/** The words of one page, as text. */
export interface PageWords {
  readonly title: string;
  readonly lines: readonly string[];
}

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
   * HTML for the page's body, in place of ours; not escaped. The content security policy allows no script but ours, and
   * the styles, pictures and fonts that `csp` names.
   */
  readonly render?: ((outcome: ReturnOutcome) => string) | undefined;
  /** What a body of your own (`render`) loads. @default nothing */
  readonly csp?: CspAdditions | undefined;
  /** Whose page it is. @default what `createQBitFlow({ brand })` says */
  readonly brand?: Brand | undefined;
  /**
   * Where customers try again after a checkout that failed or ended: a path or an http(s) URL. `{{UUID}}` in it stands
   * for the id of the checkout that they come from. An attempt that failed leads back to its checkout instead, where this
   * process opened that and it takes another.
   */
  readonly retryUrl?: string | undefined;
  /**
   * The languages of the page, the default first: tags of those that come with the kit, or catalogues of your own.
   * Customers choose by `?lang=` and `Accept-Language`. @default what `createQBitFlow({ locales })` says, else all that
   * come with the kit, English first; where `texts` are clearly in one of these, that one
   */
  readonly locales?: readonly LocaleOption[] | undefined;
  /** Words of your own, by outcome, in whatever language the page is. Text, not HTML. A title or lines alone leave the other. */
  readonly texts?: Partial<Readonly<Record<ReturnState, Partial<PageWords>>>> | undefined;
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
  /**
   * How long a customer waits for the API before the page says "waiting" and goes on live (ms). @default 300; 5,000 where
   * there is no page that goes on: for JSON, and where `redirects` has a place for "waiting"
   */
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
  readonly csp: CspAdditions;
  readonly brand: Brand | undefined;
  readonly retryUrl: string | undefined;
  readonly locales: ReturnOptions['locales'];
  readonly timeoutMs: number;
  /** How long the first paint waits for the API, in ms. */
  readonly paintMs: number;

  /** Throws `misconfigured` as {@link resolveReturnOptions} does. */
  constructor(options: ReturnOptions, defaults: PageDefaults) {
    assertKnown(options);
    const call = callOf(options);
    this.page = options.page;
    this.queryNames = {
      uuid: options.queryNames?.uuid ?? ['uuid', 'session'],
      type: options.queryNames?.type ?? ['type', 'transactionType'],
    };
    this.authorize = options.authorize;
    this.render = options.render;
    this.texts = copyTexts(call, options.texts);
    this.live = options.live ?? 'status';
    this.redirects = Object.fromEntries(
      Object.entries(options.redirects ?? {}).map(([state, target]) => [
        state,
        locationOf(state, target),
      ]),
    );
    this.csp = checkAdditions(call, options.csp);
    this.brand = options.brand === undefined ? defaults.brand : checkBrand(call, options.brand);
    this.retryUrl =
      options.retryUrl === undefined ? undefined : checkRetryUrl(call, options.retryUrl);
    this.locales = copyLocales(call, options.locales) ?? defaults.locales;
    this.timeoutMs = options.timeoutMs ?? 5_000;
    this.paintMs = options.timeoutMs ?? 300;
  }
}

/** What the pages of a kit have where their own options do not say otherwise; checked. */
export type PageDefaults = Pick<ReturnOptions, 'brand' | 'locales'>;

/**
 * Fills in the defaults; options that are resolved already are returned as they are. Throws `misconfigured` for a
 * redirect target that is neither an http(s) URL nor a path, for an option or an outcome that does not exist, and for a
 * brand, a language or a source that cannot be shown.
 */
export function resolveReturnOptions(
  options: ReturnOptions,
  defaults: PageDefaults = {},
): ResolvedReturnOptions {
  return options instanceof ResolvedReturnOptions
    ? options
    : new ResolvedReturnOptions(options, defaults);
}

/** A copy of the option `locales` of `call`. Throws `misconfigured` for what is no language. */
export function copyLocales(
  call: string,
  locales: ReturnOptions['locales'],
): ReturnOptions['locales'] {
  if (locales === undefined) return undefined;
  resolveLocales(call, locales);
  return structuredClone(locales);
}

/** Throws for what would be shown letter by letter, or not at all. */
function copyTexts(
  call: string,
  texts: ReturnOptions['texts'] = {},
): NonNullable<ReturnOptions['texts']> {
  for (const [state, own = {}] of Object.entries(texts)) {
    const name = `${call}: texts.${state}`;
    if (typeof own !== 'object' || own === null)
      throw misconfigured(`${name} must be { title, lines }, or one of them`);
    const { title = '', lines = [] } = own;
    if (typeof title !== 'string') throw misconfigured(`${name}.title must be a text`);
    if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string'))
      throw misconfigured(`${name}.lines must be a list of texts: ['Thank you!']`);
  }
  return structuredClone(texts);
}

function callOf({ page }: ReturnOptions): string {
  return `the ${page} page`;
}

/** In a retry URL it stands for the id, as in all URLs that QBitFlow fills in. */
const PLACEHOLDER = '{{UUID}}';
/** What stands for it while the URL is checked: a parser would encode the braces. */
const STAND_IN = 'qbitflow-uuid-here';

function checkRetryUrl(call: string, url: string): string {
  const text = typeof url === 'string' ? url.replaceAll(PLACEHOLDER, STAND_IN) : url;
  return checkLink(`${call}: retryUrl`, text).replaceAll(STAND_IN, PLACEHOLDER);
}

/** A retry URL for the checkout with this id. */
export function retryUrlFor(retryUrl: string, uuid = ''): string {
  return retryUrl.replaceAll(PLACEHOLDER, () => encodeURIComponent(uuid));
}

const NAMES = Object.keys({
  page: true,
  queryNames: true,
  authorize: true,
  render: true,
  csp: true,
  brand: true,
  retryUrl: true,
  locales: true,
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
  const call = callOf(options);
  assertKnownOptions(call, options, NAMES);
  assertKnownOptions(`${call}: redirects`, options.redirects, STATES);
  assertKnownOptions(`${call}: texts`, options.texts, STATES);
  assertKnownOptions(`${call}: queryNames`, options.queryNames, ['uuid', 'type']);
  for (const name of ['authorize', 'render'] as const)
    if (options[name] !== undefined && typeof options[name] !== 'function')
      throw misconfigured(`${call}: ${name} must be a function`);
}

function locationOf(state: string, target: string): string {
  const place = placeOf(target);
  if (place !== undefined) return place;
  throw misconfigured(
    `redirects.${state} is no place to send a customer: use a path ('/thanks') or an absolute http(s) URL without credentials`,
  );
}
