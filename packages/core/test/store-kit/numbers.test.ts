import { expect, test } from 'vitest';
import { numberChecks } from '@qbitflow/core/store';

const { delayMs, ageMs, count, starts } = numberChecks('table', { mostAtOnce: 10_000 });
const CENTURY_MS = 3_155_760_000_000;

test.each([
  [0, 0],
  [-5, 0],
  [1.2, 2],
  [CENTURY_MS, CENTURY_MS],
])('a delay of %s is %i whole ms', (value, expected) => {
  expect(delayMs('delayMs', value)).toBe(expected);
});

test.each([NaN, Infinity, -Infinity, 1e16, '5', undefined, null])(
  'a delay of %s is an error that names the argument',
  (value) => {
    expect(() => delayMs('leaseMs', value)).toThrow(
      expect.objectContaining({
        code: 'misconfigured',
        message: expect.stringContaining('leaseMs'),
        facts: { store: 'table', leaseMs: expect.any(String) },
      }),
    );
  },
);

test.each([
  [0, 0],
  [-5, 0],
  [1.2, 2],
  [Infinity, undefined],
  [1e16, undefined],
])('an age of %s is %s: what nothing reaches is undefined', (value, expected) => {
  expect(ageMs('doneForMs', value)).toBe(expected);
});

test.each([NaN, '5', undefined])('an age of %s is an error', (value) => {
  expect(() => ageMs('doneForMs', value)).toThrow(
    expect.objectContaining({ code: 'misconfigured' }),
  );
});

test.each([
  [3, 3],
  [3.9, 3],
  [-1, 0],
  [1e9, 10_000],
  [Infinity, 10_000],
])('a count of %s is %i', (value, expected) => {
  expect(count('limit', value)).toBe(expected);
});

test.each([NaN, '3', undefined])('a count of %s is an error', (value) => {
  expect(() => count('limit', value)).toThrow(expect.objectContaining({ code: 'misconfigured' }));
});

test('starts are whole and not negative', () => {
  expect([0, 7].map((value) => starts('start', value))).toEqual([0, 7]);
  for (const value of [-1, 1.5, NaN, Infinity, 2 ** 31, '1'])
    expect(() => starts('start', value)).toThrow(
      expect.objectContaining({ code: 'misconfigured' }),
    );
});
