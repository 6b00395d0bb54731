import { safeDelayMs } from '@qbitflow/core';
import { expect, test } from 'vitest';

const HUNDRED_YEARS = 3_155_760_000_000;

test.each<[unknown, number]>([
  [0, 0],
  [1, 1],
  [0.2, 1],
  [1_500.5, 1_501],
  [-1, 0],
  [-Infinity, 0],
  [Infinity, HUNDRED_YEARS],
  [1e16, HUNDRED_YEARS],
  [Number.MAX_VALUE, HUNDRED_YEARS],
  [Number.NaN, 7],
  [undefined, 7],
  [null, 7],
  ['60', 7],
  [60n, 7],
  [new Date(), 7],
])('a time of %o ms is %i ms', (value, ms) => {
  expect(safeDelayMs(value, 7)).toBe(ms);
});
