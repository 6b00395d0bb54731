import { z } from 'zod';
import { systemClock, systemRandom, type Clock } from './clock.js';
import { LONGEST_DELAY_MS } from './delay.js';
import { silentLogger, type Logger } from './logger.js';
import type { DurableStore } from './store/durable-store.js';
import type { IdempotencyStore } from './store/idempotency-store.js';
import { GENERATIONS } from './wire/generation.js';

const DAY_MS = 86_400_000;
const count = z.int().positive();
const period = z.custom<number>(
  (value) => typeof value === 'number' && value > 0,
  'a time in ms is a number above 0',
);
/** "For ever" reaches stores and timers as the longest time that all of them can hold. */
const duration = period.transform((ms) => Math.min(ms, LONGEST_DELAY_MS));

function clean(what: string): z.ZodType<string> {
  return z
    .string()
    .min(1, `${what} is empty: leave it out or give a value`)
    .refine(
      (text) => text === text.trim(),
      `${what} has white space around it, often a line end from a file: trim it`,
    );
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

const handlerOptions = z.strictObject({
  concurrency: count.default(10),
  timeoutMs: duration.default(900_000),
  maxAttempts: count.default(20),
  minBackoffMs: duration.default(1_000),
  maxBackoffMs: duration.default(3_600_000),
  leaseMs: duration
    .refine((ms) => ms >= 100, 'a lease below 100 ms lapses before it can be renewed')
    .default(30_000),
  maxUnfinishedStarts: count.default(3),
  pollIntervalMs: duration.default(1_000),
  giveUpAfterMs: duration.default(7 * DAY_MS),
  unhandledAfterMs: duration.default(DAY_MS),
  keepDoneMs: duration.default(7 * DAY_MS),
  // Stores know what never to forget means: it stays `Infinity`.
  keepKeysMs: period.default(Infinity),
  graceMs: z.number().min(0).default(10_000),
});

/**
 * Checks and completes what a merchant gives; the defaults of `QBitFlowOptions` live here. Objects by function: zod
 * clones what it is given, and the silent logger is known by being the one.
 */
export const optionsSchema = z.strictObject({
  apiKey: clean('apiKey').optional(),
  baseUrl: clean('baseUrl').default('https://api.qbitflow.app/v2'),
  webhookSecret: z
    .union([clean('webhookSecret'), z.array(clean('webhookSecret'))])
    .transform((secret) => (typeof secret === 'string' ? [secret] : secret))
    .default([]),
  publicUrl: clean('publicUrl')
    .refine(
      isMountedAt,
      'publicUrl is where customers reach the routes, an http(s) URL without user, query or fragment, e.g. https://shop.example/qbitflow',
    )
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  endpointUuid: clean('endpointUuid').optional(),
  store: z
    .custom<DurableStore | IdempotencyStore>(
      (value) =>
        has(value, 'record', 'takeDue', 'complete') || has(value, 'claim', 'complete', 'release'),
      'store needs the methods of a DurableStore (record, takeDue, complete, …) or of an IdempotencyStore (claim, complete, release)',
    )
    .optional(),
  logger: having<Logger>('logger', 'debug', 'info', 'warn', 'error').default(() => silentLogger),
  toleranceSeconds: z.number().positive().default(300),
  generations: z
    .array(z.enum(['v1', 'v2']))
    .min(1, "generations names at least one of 'v1' and 'v2'")
    .default([...GENERATIONS]),
  bodyLimitBytes: count.default(1_048_576),
  bodyTimeoutMs: duration.default(30_000),
  recordTimeoutMs: duration.default(5_000),
  acknowledge: z.enum(['genuine', 'everything']).default('genuine'),
  processing: z.enum(['background', 'before-reply', 'elsewhere']).default('background'),
  beforeReplyMs: duration.default(25_000),
  mode: z.enum(['live', 'test', 'both']).optional(),
  failFast: z.boolean().default(false),
  keepAlive: z.boolean().default(true),
  handlers: handlerOptions.default(handlerOptions.parse({})),
  clock: having<Clock>('clock', 'now', 'after').default(() => systemClock),
  random: callable<() => number>('random').default(() => systemRandom),
  fetch: callable<typeof globalThis.fetch>('fetch').default(() => globalThis.fetch),
});
