import type { Period } from '../../event/data.js';

/** A unit of time as `Intl` calls it. */
export type PeriodUnit = 'second' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'year';

const UNITS: ReadonlyMap<string, PeriodUnit> = new Map(
  (['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const).map((unit) => [
    `${unit}s`,
    unit,
  ]),
);

/** v1 counts all periods in seconds, a month as thirty days; largest first. */
const LENGTHS: readonly (readonly [PeriodUnit, number])[] = [
  ['month', 2_592_000],
  ['week', 604_800],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
];

/**
 * A period in words' terms: v1's `2592000 seconds` is one month, as it was when the merchant asked for it. `undefined` for
 * a unit that is not known, and for what is no whole number above zero.
 */
export function readPeriod({
  value,
  unit,
}: Period): { readonly value: number; readonly unit: PeriodUnit } | undefined {
  const known = UNITS.get(String(unit));
  if (known === undefined || !Number.isSafeInteger(value) || Number(value) <= 0) return undefined;
  const count = Number(value);
  const [larger, length] =
    known === 'second' ? (LENGTHS.find((entry) => count % entry[1] === 0) ?? []) : [];
  return larger === undefined || length === undefined
    ? { value: count, unit: known }
    : { value: count / length, unit: larger };
}
