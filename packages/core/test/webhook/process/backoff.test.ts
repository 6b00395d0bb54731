import { expect, test } from 'vitest';
import { backoffDelay } from '../../../src/clock.js';

const bounds = { minBackoffMs: 1_000, maxBackoffMs: 3_600_000 };

test.each([
  [1, 1_000],
  [2, 2_000],
  [3, 4_000],
  [12, 2_048_000],
  [13, 3_600_000],
  [20, 3_600_000],
  [5_000, 3_600_000],
])('after attempt %i the wait is at most %i ms', (attempt, ceiling) => {
  expect(backoffDelay(attempt, bounds, () => 1)).toBe(ceiling);
});

test('the wait is anything from nothing to its ceiling', () => {
  expect(backoffDelay(3, bounds, () => 0)).toBe(0);
  expect(backoffDelay(3, bounds, () => 0.25)).toBe(1_000);
});
