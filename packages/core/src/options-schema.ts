import * as z from 'zod';
import type { ClientOf } from './http/http.js';
import { systemClock, systemRandom, type Clock, LONGEST_DELAY_MS } from './clock.js';
import { silentLogger, type Logger } from './logger.js';
import { cureOf, oddityOf, oddityOfApiKey, oddityOfSecret } from './oddity.js';
import type { Brand } from './return-page/brand.js';
import type { LocaleOption } from './return-page/words/locales.js';
import type { DurableStore } from './store/durable-store.js';
import type { IdempotencyStore } from './store/idempotency-store.js';
import { GENERATION_NAMES } from './protocol/generation.js';
import { lazily } from './lazily.js';

/** Where the API is unless `baseUrl` says otherwise. */
export const DEFAULT_BASE_URL = 'https://api.qbitflow.app/v2';

const DAY_MS = 86_400_000;
const count = lazily(() => z.int().positive());
const period = lazily(() =>
  z.custom<number>(
    (value) => typeof value === 'number' && value > 0,
    'a time in ms is a number above 0',
  ),
);
const NAMES = GENERATION_NAMES.toSorted();

/** "For ever" reaches stores and timers as the longest time that all of them can hold. */
const duration = lazily(() => period().transform((ms) => Math.min(ms, LONGEST_DELAY_MS)));

function clean(
  what: string,
  oddity: (text: string) => string | undefined = oddityOf,
): z.ZodType<string> {
  return z
    .string()
    .min(1, `${what} is empty: leave it out or give a value`)
    .check(({ value, issues }) => {
      const found = oddity(value);
      if (found === undefined) return;
      const message = `${what} ${found}: ${cureOf(found)}`;
      // Without the value: it may be a secret.
      issues.push({ code: 'custom', message, input: undefined, continue: true });
    });
}

function having<T>(what: string, ...methods: (keyof T & string)[]): z.ZodType<T> {
  return z.custom<T>(
    (value) => has(value, ...methods),
    `${what} needs the methods ${methods.join(', ')}`,
  );
}

function has(value: unknown, ...methods: string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof Reflect.get(value, name) === 'function')
  );
}

function callable<T>(what: string): z.ZodType<T> {
  return z.custom<T>((value) => typeof value === 'function', `${what} must be a function`);
}

function isMountedAt(text: string): boolean {
  return /^https?:\/\/[^\s?#@{}\\]+$/i.test(text) && URL.canParse(text);
}

/** The address of one route is no address of all of them: checkouts would send customers to `/success/success`. */
const OF_ONE_ROUTE = /\/(?:success|cancel|webhook|status)\/*$/i;

const secret = lazily(() => clean('webhookSecret', oddityOfSecret));

const handlerOptions = lazily(() =>
  z.strictObject({
    concurrency: count().default(10),
    timeoutMs: duration().default(900_000),
    maxAttempts: count().default(20),
    minBackoffMs: duration().default(1_000),
    maxBackoffMs: duration().default(3_600_000),
    leaseMs: duration()
      .refine((ms) => ms >= 100, 'a lease below 100 ms lapses before it can be renewed')
      .default(30_000),
    maxUnfinishedStarts: count().default(3),
    pollIntervalMs: duration().default(1_000),
    giveUpAfterMs: duration().default(7 * DAY_MS),
    unhandledAfterMs: duration().default(DAY_MS),
    keepDoneMs: duration().default(7 * DAY_MS),
    // Stores know what never to forget means: it stays `Infinity`.
    keepKeysMs: period().default(Infinity),
    graceMs: z.number().min(0).default(10_000),
  }),
);

/** The names of the options that are objects themselves, by theirs. */
export const optionNames = (path: string): readonly string[] =>
  Object.keys(path === 'handlers' ? handlerOptions().shape : optionsSchema().shape);

/**
 * Checks and completes what a merchant gives; the defaults of `QBitFlowOptions` live here. Objects by function: zod
 * clones what it is given, and the silent logger is known by being the one.
 */
export const optionsSchema = lazily(() =>
  z.strictObject({
    apiKey: clean('apiKey', oddityOfApiKey).optional(),
    baseUrl: clean('baseUrl').default(DEFAULT_BASE_URL),
    webhookSecret: z
      .union([secret(), z.array(secret()), z.literal(false)], {
        error: 'webhookSecret is a text (whsec_…), a list of such, or false',
      })
      .transform((given) => (typeof given === 'string' ? [given] : given))
      .default([]),
    publicUrl: clean('publicUrl')
      .refine(
        isMountedAt,
        'publicUrl is where customers reach the routes, an http(s) URL without user, query or fragment, e.g. https://shop.example/qbitflow',
      )
      .refine(
        (url) => !OF_ONE_ROUTE.test(url),
        'publicUrl is where all routes are mounted, and this is where one of them is: leave out what its path ends in (/success, /cancel, /webhook, /status)',
      )
      .transform((url) => url.replace(/\/+$/, ''))
      .optional(),
    // Checked as the pages' own options are.
    brand: z.custom<Brand>().optional(),
    locales: z.custom<readonly LocaleOption[]>().optional(),
    endpointUuid: clean('endpointUuid').optional(),
    store: z
      .custom<DurableStore | IdempotencyStore>(
        (value) =>
          has(value, 'record', 'takeDue', 'complete') || has(value, 'claim', 'complete', 'release'),
        'store needs the methods of a DurableStore (record, takeDue, complete, …) or of an IdempotencyStore (claim, complete, release)',
      )
      .optional(),
    logger: z
      .custom<Logger | false>(
        (value) => value === false || has(value, 'debug', 'info', 'warn', 'error'),
        'logger needs the methods debug, info, warn, error, as pino, winston and console have them; false for none',
      )
      .transform((logger) => (logger === false ? silentLogger : logger))
      .optional(),
    toleranceSeconds: z.number().positive().default(300),
    generations: z
      .array(z.enum(NAMES))
      .min(1, `generations names at least one of ${NAMES.map((name) => `'${name}'`).join(' and ')}`)
      .default([...GENERATION_NAMES]),
    bodyLimitBytes: count().default(1_048_576),
    bodyTimeoutMs: duration().default(30_000),
    recordTimeoutMs: duration().default(5_000),
    acknowledge: z.enum(['genuine', 'everything']).default('genuine'),
    processing: z.enum(['background', 'before-reply', 'elsewhere']).default('background'),
    beforeReplyMs: duration().default(25_000),
    mode: z.enum(['live', 'test', 'both']).optional(),
    failFast: z.boolean().default(false),
    keepAlive: z.boolean().default(true),
    holder: z
      .string()
      .regex(/^[ -~]{1,64}$/, 'holder is a name of 1 to 64 printable ASCII characters')
      .optional(),
    handlers: handlerOptions().default(handlerOptions().parse({})),
    clock: having<Clock>('clock', 'now', 'after').default(() => systemClock),
    clientOf: callable<ClientOf>('clientOf').optional(),
    random: callable<() => number>('random').default(() => systemRandom),
    fetch: callable<typeof globalThis.fetch>('fetch').default(() => globalThis.fetch),
  }),
);
