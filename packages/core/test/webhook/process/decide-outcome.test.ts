import { RetryLater, Unrecoverable } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { decideOutcome } from '../../../src/webhook/retry-policy.js';

const DAY_MS = 86_400_000;
const NOW = 1_790_856_000_000;
const rules = {
  maxAttempts: 20,
  minBackoffMs: 1_000,
  maxBackoffMs: 3_600_000,
  giveUpAfterMs: 7 * DAY_MS,
  random: () => 1,
  now: () => NOW,
};
const attempt = (started: number, dueSince = NOW) => ({ started, dueSince, lapsed: false });
const failed = (...errors: Error[]) => ({
  succeeded: [],
  failures: errors.map((error, index) => ({ handler: `h${index + 1}`, error })),
});
const plain = new Error('no');

test('without a failure it is done', () => {
  expect(decideOutcome(failed(), attempt(20), rules)).toEqual({ to: 'done' });
});

test('a failure is tried again after the back-off, all messages kept', () => {
  expect(decideOutcome(failed(plain, new Error('nor')), attempt(2), rules)).toEqual({
    to: 'due',
    delayMs: 2_000,
    error: 'h1: no; h2: nor',
    counted: true,
  });
});

test('the last attempt ends in a dead letter', () => {
  expect(decideOutcome(failed(plain), attempt(19), rules)).toMatchObject({ to: 'due' });
  expect(decideOutcome(failed(plain), attempt(20), rules)).toEqual({ to: 'dead', error: 'h1: no' });
});

test('RetryLater sets the wait; of several the longest', () => {
  expect(decideOutcome(failed(new RetryLater(90_000)), attempt(1), rules)).toMatchObject({
    to: 'due',
    delayMs: 90_000,
  });
  const both = failed(new RetryLater(5_000), plain, new RetryLater(7_000));
  expect(decideOutcome(both, attempt(1), rules)).toMatchObject({ delayMs: 7_000 });
});

test('RetryLater is no attempt: it may go on for longer than a weekend, however often', () => {
  const weekend = decideOutcome(
    failed(new RetryLater(60_000)),
    attempt(20, NOW - 3 * DAY_MS),
    rules,
  );
  expect(weekend).toMatchObject({ to: 'due', delayMs: 60_000, counted: false });
});

test('RetryLater ends in a dead letter after giveUpAfterMs, and says so', () => {
  const late = attempt(1, NOW - 7 * DAY_MS);
  const outcome = decideOutcome(failed(new RetryLater(60_000, 'closed')), late, rules);
  expect(outcome).toEqual({
    to: 'dead',
    error: 'put off for longer than giveUpAfterMs (604800000 ms): h1: closed',
  });
});

test('RetryLater beside a failure is an attempt: the failure counts', () => {
  const both = failed(new RetryLater(1), plain);
  expect(decideOutcome(both, attempt(3), rules)).toMatchObject({ to: 'due', counted: true });
  expect(decideOutcome(both, attempt(20), rules)).toMatchObject({ to: 'dead' });
});

test('RetryLater of a delivery with an unfinished start clears it of the suspicion', () => {
  const suspect = { ...attempt(2), lapsed: true };
  expect(decideOutcome(failed(new RetryLater(1)), suspect, rules)).toMatchObject({ counted: true });
});

test.each<[string, number | Date, number]>([
  ['a moment', new Date(NOW + 90_000), 90_000],
  ['a moment gone by', new Date(NOW - 1), 0],
  ['part of a ms', 0.5, 1],
  ['a year', 366 * DAY_MS, 366 * DAY_MS],
])('RetryLater takes %s', (_name, after, delayMs) => {
  expect(decideOutcome(failed(new RetryLater(after)), attempt(1), rules)).toMatchObject({
    delayMs,
    counted: false,
  });
});

test.each<[string, unknown]>([
  ['NaN', Number.NaN],
  ['nothing', undefined],
  ['null', null],
  ['for ever', Infinity],
  ['since for ever', -Infinity],
  ['the end of time', 1e16],
  ['a moment as ms', NOW + 60_000],
  ['an invalid Date', new Date('soon')],
  ['a Date beyond a year', new Date(NOW + 366 * DAY_MS + 1)],
  ['a text', '60'],
  ['a bigint', 60n],
])('RetryLater with %s means nothing: the usual back-off, and an attempt', (_name, after) => {
  const later: unknown = Reflect.construct(RetryLater, [after]);
  const errors = later instanceof Error ? [later] : [];
  expect(decideOutcome(failed(...errors), attempt(3), rules)).toMatchObject({
    to: 'due',
    delayMs: 4_000,
    counted: true,
  });
});

test('one that means something sets the wait beside one that means nothing, which counts', () => {
  const both = failed(new RetryLater(Number.NaN), new RetryLater(7_000));
  expect(decideOutcome(both, attempt(1), rules)).toMatchObject({ delayMs: 7_000, counted: true });
});

test('a reason of megabytes is cut', () => {
  const outcome = decideOutcome(failed(new Error('x'.repeat(5_000_000))), attempt(1), rules);
  expect(outcome.to === 'due' ? outcome.error.length : 0).toBeLessThan(2_100);
});

test('a negative RetryLater is at once', () => {
  expect(decideOutcome(failed(new RetryLater(-5)), attempt(1), rules)).toMatchObject({
    delayMs: 0,
  });
});

test('Unrecoverable is a dead letter at once, but not while another failure may pass', () => {
  const hopeless = new Unrecoverable('no such order');
  expect(decideOutcome(failed(hopeless), attempt(1), rules)).toEqual({
    to: 'dead',
    error: 'h1: no such order',
  });
  expect(decideOutcome(failed(hopeless, plain), attempt(1), rules)).toMatchObject({ to: 'due' });
});
