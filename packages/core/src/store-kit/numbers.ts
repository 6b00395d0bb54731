import { LONGEST_DELAY_MS } from '../clock.js';
import { wrongArgument } from './store-errors.js';

/** Highest number of starts: what a column of four bytes holds. */
const MOST_STARTS = 2_147_483_647;

/**
 * Reads the numbers that the methods of a store are called with. Programs without types pass NaN, texts and nothing:
 * each check throws `misconfigured` for those, before anything is changed.
 */
export interface NumberChecks {
  /** A delay or lease in whole ms, rounded up; 0 where it is negative. More than a hundred years is a mistake. */
  readonly delayMs: (name: string, value: unknown) => number;
  /** An age in whole ms, rounded up; `undefined` where nothing can be as old (`Infinity`, more than a hundred years). */
  readonly ageMs: (name: string, value: unknown) => number | undefined;
  /** How many at most, a whole number from 0 to the store's own most. */
  readonly count: (name: string, value: unknown) => number;
  /** A number of starts, whole and from 0. */
  readonly starts: (name: string, value: unknown) => number;
}

/** The checks of one store, which names itself in their errors; `mostAtOnce` bounds what one of its steps may work on. */
export function numberChecks(
  store: string,
  { mostAtOnce = Number.MAX_SAFE_INTEGER }: { readonly mostAtOnce?: number | undefined } = {},
): NumberChecks {
  return {
    delayMs(name, value) {
      if (typeof value === 'number' && Number.isFinite(value) && value <= LONGEST_DELAY_MS)
        return atLeastZero(value);
      throw wrongArgument(store, {
        name,
        value,
        expected: `a number of ms up to ${LONGEST_DELAY_MS}`,
      });
    },
    ageMs(name, value) {
      if (typeof value !== 'number' || Number.isNaN(value))
        throw wrongArgument(store, { name, value, expected: 'a number of ms, or Infinity' });
      return value > LONGEST_DELAY_MS ? undefined : atLeastZero(value);
    },
    count(name, value) {
      if (typeof value !== 'number' || Number.isNaN(value))
        throw wrongArgument(store, { name, value, expected: 'a number' });
      return Math.floor(Math.min(Math.max(value, 0), mostAtOnce));
    },
    starts(name, value) {
      if (
        typeof value === 'number' &&
        Number.isInteger(value) &&
        value >= 0 &&
        value <= MOST_STARTS
      )
        return value;
      throw wrongArgument(store, { name, value, expected: 'a whole number, 0 or more' });
    },
  };
}

function atLeastZero(ms: number): number {
  return Math.ceil(Math.max(ms, 0));
}
