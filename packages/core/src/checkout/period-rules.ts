import { z } from 'zod';
import { whole } from './field-rules.js';
import type { CheckoutPeriod, CheckoutUnit } from './params.js';

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

const unit = z.enum(UNITS, `must be one of ${UNITS.join(', ')}`);
const SHAPE = `must be { value, unit }: a whole value of 1 or more, and a unit of ${UNITS.join(', ')}`;

/** Any length of time. */
export const period = z.strictObject({ value: whole(1), unit }, SHAPE);

/** How often may be billed: bounds with the words for them. */
const SHORTEST = {
  live: { seconds: SECONDS.hours, words: 'an hour' },
  test: { seconds: 5 * SECONDS.minutes, words: '5 minutes' },
} as const;

/** v2's bounds of a frequency. Where the mode is not known, what neither mode takes is refused. */
export function frequency(mode: 'live' | 'test' | undefined): z.ZodType<CheckoutPeriod> {
  const shortest = SHORTEST[mode ?? 'test'];
  const where = mode === 'live' ? ' in live mode' : '';
  return period
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
export const trialPeriod = z
  .strictObject(
    { value: whole(0), unit: unit.optional() },
    `must be { value, unit }: a whole value, 0 for no trial, and a unit of ${UNITS.join(', ')}`,
  )
  .refine((given) => given.value === 0 || given.unit !== undefined, {
    path: ['unit'],
    error: `is missing: give one of ${UNITS.join(', ')}, or a value of 0 for no trial`,
  })
  .transform((given) => (given.value === 0 ? { value: 0 } : given));
