import * as z from 'zod';
import { encodeId } from '../api/transaction-ids.js';
import { isQBitFlowError } from '../errors.js';
import type { CheckoutPeriod, CheckoutUnit } from './params.js';
import { lazily } from '../lazily.js';

/** Decimals of the coins that dollars are paid in: nothing smaller can be charged. */
const COIN_DECIMALS = 6;
const CENTS = 100;
/** How far a number of cents may be from a whole one and still be what floating point made of it. */
const NOISE = 1e-6;
const DECIMAL_TEXT = /^\d{1,9}(?:\.\d{1,2})?$/;

/**
 * A price as it is sent: the nearest number that a coin can pay. Sums of the same prices come out the same, in whatever
 * order they were added.
 */
export function canonicalPrice(usd: number): number {
  return Number(usd.toFixed(COIN_DECIMALS));
}

/** An amount in whole cents as a number, given as number or text; `undefined` for what is none. */
export function centsOf(amount: unknown): number | undefined {
  if (typeof amount === 'string') return DECIMAL_TEXT.test(amount) ? Number(amount) : undefined;
  if (typeof amount !== 'number' || !Number.isFinite(amount)) return undefined;
  const cents = amount * CENTS;
  return Math.abs(cents - Math.round(cents)) < NOISE ? Number(amount.toFixed(2)) : undefined;
}

/** The sum of amounts that are canonical already. */
export function sumOf(amounts: readonly number[]): number {
  return canonicalPrice(amounts.reduce((sum, amount) => sum + amount, 0));
}

/** What v2 takes in no name and no description; also half characters, which no server can read. */
const UNTAKEN = /[\p{Cc}\p{Cs}<>{}[\]\\|;"~^`]/u;
const GRAMMAR = /^[A-Za-z0-9._:@-]{1,100}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const LINE_BREAK = /[\p{Cc}\u2028\u2029]/u;

/** Any text that is not empty. */
export const name = lazily(() =>
  z.string('must be a text').min(1, 'must not be empty: leave it out'),
);

/** A text of so many characters; an emoji is one. */
export function words(min: number, max: number): z.ZodType<string> {
  return z.string('must be a text').refine((text) => {
    const { length } = Array.from(text);
    return length >= min && length <= max;
  }, `must be ${min} to ${max} characters long: shorten it, or leave it out where it is optional`);
}

/** A text of so many characters, of those only that v2 takes in names and descriptions. */
export function plainWords(min: number, max: number): z.ZodType<string> {
  return words(min, max).refine(
    (text) => !UNTAKEN.test(text),
    'holds a line break, another control character or one of < > { } [ ] \\ | ; " ~ ^ `, which QBitFlow does not take: write it without',
  );
}

/** A text of so many characters on one line. */
export function oneLine(min: number, max: number): z.ZodType<string> {
  return words(min, max).refine(
    (text) => !LINE_BREAK.test(text),
    'must be one line: write it without line breaks and other control characters',
  );
}

/** An id of the merchant's, as v2 takes it. */
export const ownId = lazily(() =>
  z
    .string('must be a text')
    .regex(
      GRAMMAR,
      'must be 1 to 100 of A-Z a-z 0-9 . _ : @ -, without spaces or accents: an order number or a UUID will do',
    ),
);

/** An id of QBitFlow's; `own` is the field for the merchant's. */
export function uuid(own: string): z.ZodType<string> {
  return z
    .string('must be a text')
    .regex(UUID, `must be a UUID as QBitFlow gave it: an id of your own goes into ${own}`);
}

/** The id of a session. */
export const sessionId = lazily(() =>
  z
    .string('must be a text: the uuid of a session')
    .refine(canBeAsked, 'must be the uuid of a session exactly as QBitFlow gave it (pay@…, sub@…)'),
);

function canBeAsked(text: string): boolean {
  try {
    return encodeId(text) !== '';
  } catch (error) {
    if (isQBitFlowError(error)) return false;
    throw error;
  }
}

/** A whole number in a range. */
export function whole(min: number, max = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `${min} or more` : `${min} to ${max}`;
  const error = `must be a whole number, ${range}`;
  return z.number(error).refine(
    (value) => Number.isSafeInteger(value) && value >= min && value <= max,
    // What is judged by such a number is not judged by a wrong one.
    { error, abort: true },
  );
}

/** A price in USD, as canonical as it is charged. */
export const price = lazily(() =>
  z
    .number('must be a number of USD, e.g. 4.5')
    .positive('must be more than 0')
    .transform(canonicalPrice)
    .refine((usd) => usd > 0, 'must be at least 0.000001 USD: no coin pays less'),
);

const MOST_ITEMS = 10;
const MOST_USD = 1_000_000;
const AMOUNT =
  "must be USD, more than 0 and at most 1,000,000, with at most 2 decimals: a number like 2.5 or a text like '2.50'";

const amountUsd = lazily(() =>
  z.unknown().transform((given, context) => {
    const usd = centsOf(given);
    if (usd !== undefined && usd > 0 && usd <= MOST_USD) return usd;
    context.addIssue(AMOUNT);
    return z.NEVER;
  }),
);

const item = lazily(() =>
  z.strictObject(
    { label: oneLine(1, 40), description: words(0, 200).optional(), amountUsd: amountUsd() },
    'must be { label, amountUsd, description? }',
  ),
);

/** v2's `fees` of a payment. */
export const fees = lazily(() =>
  z.strictObject(
    {
      processingFee: z.boolean('must be true or false').optional(),
      items: z
        .array(item(), 'must be a list of { label, amountUsd, description? }')
        .max(MOST_ITEMS, `must be at most ${MOST_ITEMS}: put some of them together`)
        .optional(),
    },
    'must be { processingFee?, items? }',
  ),
);

const SECONDS: Readonly<Record<CheckoutUnit, number>> = {
  seconds: 1,
  minutes: 60,
  hours: 3_600,
  days: 86_400,
  weeks: 604_800,
  months: 30 * 86_400,
  years: 365 * 86_400,
};

const UNITS = [
  'seconds',
  'minutes',
  'hours',
  'days',
  'weeks',
  'months',
  'years',
] as const satisfies readonly CheckoutUnit[];

const unit = lazily(() => z.enum(UNITS, `must be one of ${UNITS.join(', ')}`));
const SHAPE = `must be { value, unit }: a whole value of 1 or more, and a unit of ${UNITS.join(', ')}`;

/** Any length of time. */
export const period = lazily(() => z.strictObject({ value: whole(1), unit: unit() }, SHAPE));

/** How often may be billed: bounds with the words for them. */
const SHORTEST = {
  live: { seconds: SECONDS.hours, words: 'an hour' },
  test: { seconds: 5 * SECONDS.minutes, words: '5 minutes' },
} as const;

/** v2's bounds of a frequency. Where the mode is not known, what neither mode takes is refused. */
export function frequency(mode: 'live' | 'test' | undefined): z.ZodType<CheckoutPeriod> {
  const shortest = SHORTEST[mode ?? 'test'];
  const where = mode === 'live' ? ' in live mode' : '';
  return period()
    .refine(
      (given) => secondsOf(given) >= shortest.seconds,
      `must be at least ${shortest.words}${where}`,
    )
    .refine(
      (given) => secondsOf(given) <= SECONDS.years,
      'must be at most a year: 12 months, 52 weeks, 365 days or 1 years',
    );
}

function secondsOf({ value, unit: counted }: CheckoutPeriod): number {
  return value * SECONDS[counted];
}

/** Free time at the start: 0 switches it off, and then its unit says nothing. */
export const trialPeriod = lazily(() =>
  z
    .strictObject(
      { value: whole(0), unit: unit().optional() },
      `must be { value, unit }: a whole value, 0 for no trial, and a unit of ${UNITS.join(', ')}`,
    )
    .refine((given) => given.value === 0 || given.unit !== undefined, {
      path: ['unit'],
      error: `is missing: give one of ${UNITS.join(', ')}, or a value of 0 for no trial`,
    })
    .transform((given) => (given.value === 0 ? { value: 0 } : given)),
);
