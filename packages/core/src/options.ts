import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type * as z from 'zod';
import type { ClientOf } from './http/http.js';
import { safeRandom, type Clock } from './clock.js';
import { QBitFlowError } from './errors.js';
import { explainUnknown } from './known-options.js';
import { writeToStderr, type Logger, safeLogger } from './logger.js';
import { modeOf, modeOfKey, type Mode } from './mode.js';
import { optionNames, optionsSchema } from './options-schema.js';
import { createStderrLogger } from './stderr-logger.js';
import type { Generation } from './protocol/generation.js';
import { generationOfUrl } from './protocol/index.js';
import { checkBrand, type Brand } from './return-page/brand.js';
import { copyLocales, type PageDefaults } from './return-page/return-options.js';
import type { LocaleOption } from './return-page/words/locales.js';
import { resolveStore } from './store/resolve-store.js';
import type { DurableStore } from './store/durable-store.js';
import type { IdempotencyStore } from './store/idempotency-store.js';

/** Everything a merchant can set. All of it is copied; nothing is read again later. */
export interface QBitFlowOptions {
  /** `sk_…`. @default QBITFLOW_API_KEY */
  readonly apiKey?: string | undefined;
  /** Ends in `/v1` or `/v2`, which chooses the API generation for calls. @default QBITFLOW_BASE_URL, else `https://api.qbitflow.app/v2` */
  readonly baseUrl?: string | undefined;
  /**
   * One signing secret, or several: rotation, two endpoints, v1 beside v2. `false` for a process that takes no
   * deliveries (a script that calls `recover()`, a service that opens checkouts): one that does is refused with 500.
   * @default QBITFLOW_WEBHOOK_SECRET (several separated by commas)
   */
  readonly webhookSecret?: string | readonly string[] | false | undefined;
  /** Where the routes are mounted, as customers reach it, e.g. `https://shop.example/qbitflow`: what checkouts' return URLs begin with. */
  readonly publicUrl?: string | undefined;
  /** The v2 endpoint's uuid; needed only to check v2 deliveries remotely, without a secret. */
  readonly endpointUuid?: string | undefined;
  /** Whose the return pages are; a page's own option goes before it. */
  readonly brand?: Brand | undefined;
  /**
   * The languages of the return pages, the default first; a page's own option goes before it. @default all that come with
   * the kit, English first
   */
  readonly locales?: readonly LocaleOption[] | undefined;
  /** Where deliveries wait for their handlers; an `IdempotencyStore` shares keys only. @default memoryStore(), which forgets when the process ends */
  readonly store?: DurableStore | IdempotencyStore | undefined;
  /**
   * Where the kit writes what it has to say: pino, winston, `console`. `false` silences it. What it throws costs its
   * line and nothing else. @default warnings and errors on stderr, one line each, of a kind once a minute with the
   * number of those left out; without those that an `onError` listener is called with
   */
  readonly logger?: Logger | false | undefined;
  /** How far a delivery's timestamp may be off, either way, in seconds. @default 300 */
  readonly toleranceSeconds?: number | undefined;
  /**
   * Whose signatures prove a delivery genuine. A merchant whose endpoints have all moved to v2 can switch v1's off with
   * `['v2']`: verifying v1 means reading what an unknown sender sent as JSON, v2 needs its bytes only. What a body is, is told by
   * the body all the same. @default both
   */
  readonly generations?: readonly ('v1' | 'v2')[] | undefined;
  /** Largest body, in bytes. @default 1 MiB, the largest QBitFlow sends */
  readonly bodyLimitBytes?: number | undefined;
  /** How long a body may take to arrive, in ms. @default 30,000 */
  readonly bodyTimeoutMs?: number | undefined;
  /** How long the store may take before the sender is asked to come again, in ms. @default 5,000 */
  readonly recordTimeoutMs?: number | undefined;
  /** `everything` answers 200 to refused deliveries too; they are dropped and reported all the same. @default 'genuine' */
  readonly acknowledge?: 'genuine' | 'everything' | undefined;
  /**
   * `background`: handlers run after the answer. `before-reply`: they run first, for platforms that freeze a process
   * after its answer; what has not finished within `beforeReplyMs` is answered all the same and stays recorded.
   * `elsewhere`: this process only records, another one's `start()` runs the handlers. @default 'background'
   */
  readonly processing?: 'background' | 'before-reply' | 'elsewhere' | undefined;
  /** How long an answer waits for handlers with `before-reply`, in ms; QBitFlow waits for 30,000. @default 25,000 */
  readonly beforeReplyMs?: number | undefined;
  /**
   * Whose events reach the handlers: those of real money, of test money, or both. What is kept away is recorded as
   * done and unhandled, and reported. What does not say reaches them. @default what the API key's shape says
   * (`sk_…_live_…`, `sk_…_test_…`); `both` where `baseUrl` is this machine (the sandbox); else `live`
   */
  readonly mode?: Mode | undefined;
  /** Makes `start()` reject when the store is away, instead of reporting it and trying again until it is there. @default false */
  readonly failFast?: boolean | undefined;
  /**
   * Whether a kit that `start()` was called on keeps its process alive until `close()`; `false` for scripts that end by
   * themselves. Calls that are awaited keep it alive in any case, and so may a store's own connections. @default true
   */
  readonly keepAlive?: boolean | undefined;
  /** How operators know this process from others: printable ASCII of at most 64 characters. @default host name and process id, e.g. `web-1:4711` */
  readonly holder?: string | undefined;
  readonly handlers?: HandlerOptions | undefined;
  /** Time, to be turned by hand in tests. @default the machine's */
  readonly clock?: Clock | undefined;
  /**
   * Tells a request's client from others, where the address that the framework tells does not: by a header that your own
   * proxy sets. Clients take turns where much is asked about unknown ids; none is rejected for sharing a name. An IPv6
   * address stands for its /64. @default the address: Express's `req.ip`, Koa's `ctx.ip`, which know of the proxies you
   * trust; else the socket's
   */
  readonly clientOf?: ClientOf | undefined;
  /** A number in [0, 1), for jitter. @default Math.random */
  readonly random?: (() => number) | undefined;
  /** @default the global fetch */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** How handlers are run. */
export interface HandlerOptions {
  /** Deliveries claimed at once. @default 10 */
  readonly concurrency?: number | undefined;
  /** After this one attempt of one handler counts as failed and its signal aborts, in ms. @default 900,000 */
  readonly timeoutMs?: number | undefined;
  /** Attempts before a delivery becomes a dead letter. @default 20 */
  readonly maxAttempts?: number | undefined;
  /** Longest wait before the second attempt, in ms; doubles with each, with full jitter. @default 1,000 */
  readonly minBackoffMs?: number | undefined;
  /** Longest wait before any attempt, in ms. @default 3,600,000 */
  readonly maxBackoffMs?: number | undefined;
  /** How long a crashed process keeps its deliveries from others, in ms; renewed while handlers run. @default 30,000 */
  readonly leaseMs?: number | undefined;
  /** Starts without an end before a delivery becomes a dead letter as the likely killer of its process. @default 3 */
  readonly maxUnfinishedStarts?: number | undefined;
  /** How often the store is asked for work that was not announced, in ms. @default 1,000 */
  readonly pollIntervalMs?: number | undefined;
  /** How long `RetryLater` may put a delivery off before it is a dead letter, in ms since it was recorded or replayed; attempts put off do not count against `maxAttempts`. @default 7 days */
  readonly giveUpAfterMs?: number | undefined;
  /** How long a delivery of a type without a handler waits for one before it is done and unhandled, in ms. @default 1 day */
  readonly unhandledAfterMs?: number | undefined;
  /** How long the bodies of done deliveries are kept, in ms. @default 7 days; QBitFlow retries for 3 */
  readonly keepDoneMs?: number | undefined;
  /** How long the keys of done and discarded deliveries are remembered, in ms: while one is, what it names is never handled again. With an `IdempotencyStore` whose keys expire, how long it keeps them. @default Infinity; the memory store is bounded all the same */
  readonly keepKeysMs?: number | undefined;
  /** How long `close()` lets running handlers finish, in ms. @default 10,000 */
  readonly graceMs?: number | undefined;
}

type Filled<T> = { readonly [K in keyof T]-?: Exclude<T[K], undefined> };

/** The options with every default filled in. */
export interface Settings extends Filled<
  Omit<
    QBitFlowOptions,
    | 'apiKey'
    | 'publicUrl'
    | 'brand'
    | 'locales'
    | 'endpointUuid'
    | 'webhookSecret'
    | 'handlers'
    | 'store'
    | 'logger'
    | 'clientOf'
    | 'holder'
  >
> {
  readonly apiKey: string | undefined;
  readonly holder: string;
  /** Names this kit among all that share a store. */
  readonly instance: string;
  /** The generation `baseUrl` names. */
  readonly apiGeneration: Generation;
  /** Without a slash at its end. */
  readonly publicUrl: string | undefined;
  /** What return pages have where their own options do not say otherwise. */
  readonly pages: PageDefaults;
  readonly endpointUuid: string | undefined;
  readonly clientOf: ClientOf | undefined;
  /** `undefined` where no deliveries are taken. */
  readonly secrets: readonly string[] | undefined;
  readonly logger: Logger;
  readonly store: DurableStore;
  readonly handlers: HandlerSettings;
}

/** Handler options with every default filled in. */
export type HandlerSettings = Filled<HandlerOptions>;

/** Environment variables by name, as `process.env` has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Fills in defaults and the environment's values, and throws `misconfigured` for what cannot work: nothing can be
 * verified, an unknown option, a secret with a line end or in quotes.
 */
export function resolveOptions(given: QBitFlowOptions, env: Environment = process.env): Settings {
  if (typeof given !== 'object' || given === null)
    throw misconfigured("options are an object, e.g. { webhookSecret: 'whsec_…' }");
  const result = optionsSchema().safeParse({ ...fromEnvironment(env), ...defined(given) });
  if (!result.success) throw misconfigured(explain(result.error));
  const { webhookSecret, store, logger, brand, locales, ...rest } = result.data;
  const secrets = webhookSecret === false ? undefined : webhookSecret;
  const { apiKey, clock } = rest;
  const { baseUrl, apiGeneration } = apiBase(rest.baseUrl);
  const mode = rest.mode ?? modeOf(apiKey, baseUrl);
  assertVerifiable({ secrets, apiKey, apiGeneration, endpointUuid: rest.endpointUuid });
  assertPublicUrl({ publicUrl: rest.publicUrl, apiKey, apiGeneration });
  return {
    ...rest,
    apiKey,
    publicUrl: rest.publicUrl,
    pages: {
      brand: brand && checkBrand('createQBitFlow', brand),
      locales: copyLocales('createQBitFlow', locales),
    },
    endpointUuid: rest.endpointUuid,
    clientOf: rest.clientOf,
    holder: rest.holder ?? processName(),
    instance: randomUUID(),
    baseUrl,
    apiGeneration,
    mode,
    logger:
      logger === undefined
        ? createStderrLogger({ clock, write: writeToStderr })
        : safeLogger(logger),
    random: safeRandom(rest.random),
    secrets,
    store: resolveStore(store, clock),
  };
}

const LONGEST_HOLDER = 64;

/** Host and process id; hosts may be called anything. */
function processName(): string {
  const id = `:${process.pid}`;
  return (
    hostname()
      .replace(/[^!-~]/g, '?')
      .slice(0, LONGEST_HOLDER - id.length) + id
  );
}

/** Whether there is anything to verify QBitFlow's deliveries with. */
function assertVerifiable({
  secrets,
  apiKey,
  apiGeneration,
  endpointUuid,
}: Pick<Settings, 'secrets' | 'apiKey' | 'apiGeneration' | 'endpointUuid'>): void {
  if (secrets === undefined || secrets.length > 0) return;
  if (apiKey === undefined)
    throw misconfigured(
      'nothing can be verified: give a webhookSecret (or QBITFLOW_WEBHOOK_SECRET), or an apiKey (or QBITFLOW_API_KEY) for remote checks',
    );
  // A generation that is not asked by the endpoint knows it by the key.
  if (apiGeneration.asksByEndpoint && endpointUuid === undefined)
    throw misconfigured(
      'no v2 delivery can be verified with an apiKey alone, each would be answered 503: give the webhookSecret (or QBITFLOW_WEBHOOK_SECRET), or the endpointUuid for remote checks. Where no deliveries are taken (a script that calls recover(), a service that opens checkouts), say so with webhookSecret: false',
    );
}

/** QBitFlow refuses such addresses with the first checkout: it is said before the first customer is there. */
function assertPublicUrl({
  publicUrl,
  apiKey,
  apiGeneration,
}: Pick<Settings, 'publicUrl' | 'apiKey' | 'apiGeneration'>): void {
  const isRefused = apiGeneration.needsHttpsInLiveMode && modeOfKey(apiKey) === 'live';
  if (isRefused && publicUrl !== undefined && !/^https:/i.test(publicUrl))
    throw misconfigured(
      'publicUrl must start with https:// in live mode, QBitFlow opens no checkout without: use the public address of your shop, or a test key',
    );
}

function fromEnvironment(env: Environment): Record<string, unknown> {
  const text = (name: string): string | undefined => env[name] || undefined;
  const secrets = text('QBITFLOW_WEBHOOK_SECRET')?.split(',');
  return defined({
    apiKey: text('QBITFLOW_API_KEY'),
    baseUrl: text('QBITFLOW_BASE_URL'),
    webhookSecret: secrets?.map((secret) => secret.trim()),
  });
}

function defined(values: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What a `baseUrl` names. Throws `misconfigured` for one that no API can answer at. */
export function apiBase(baseUrl: string): Pick<Settings, 'baseUrl' | 'apiGeneration'> {
  const base = baseUrl.replace(/\/+$/, '');
  const apiGeneration = generationOfUrl(base);
  if (apiGeneration === undefined || !URL.canParse(base) || !/^https?:\/\/[^?#]+\/\w+$/.test(base))
    throw misconfigured(
      `baseUrl must be an http(s) URL that ends in /v1 or /v2, e.g. https://api.qbitflow.app/v2`,
    );
  // fetch refuses such a URL and quotes it, password included, in an error that is logged.
  if (/[@\\]/.test(base))
    throw misconfigured(
      'baseUrl names a user or a password, which no call can carry: leave them out, QBitFlow knows you by the apiKey',
    );
  return { baseUrl: base, apiGeneration };
}

function explain(error: z.ZodError): string {
  return error.issues
    .flatMap((issue) => {
      const path = issue.path.join('.');
      if (issue.code === 'unrecognized_keys')
        return issue.keys.map((name) => explainUnknown(name, optionNames(path)));
      const isNamed = path === '' || issue.message.startsWith(path.split('.')[0] ?? '');
      return isNamed ? issue.message : `${path}: ${issue.message}`;
    })
    .join('; ');
}

function misconfigured(message: string): QBitFlowError {
  return new QBitFlowError('misconfigured', `QBitFlow is misconfigured: ${message}`);
}
