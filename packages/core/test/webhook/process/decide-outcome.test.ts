import { RetryLater, Unrecoverable } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { decideOutcome } from '../../../src/webhook/process/decide-outcome.js';

const rules = { maxAttempts: 20, minBackoffMs: 1_000, maxBackoffMs: 3_600_000, random: () => 1 };
const failed = (...errors: Error[]) => ({
  succeeded: [],
  failures: errors.map((error, index) => ({ handler: `h${index + 1}`, error })),
});
const plain = new Error('no');

test('without a failure it is done', () => {
  expect(decideOutcome(failed(), 20, rules)).toEqual({ to: 'done' });
});

test('a failure is tried again after the back-off, all messages kept', () => {
  expect(decideOutcome(failed(plain, new Error('nor')), 2, rules)).toEqual({
    to: 'due',
    delayMs: 2_000,
    error: 'h1: no; h2: nor',
  });
});

test('the last attempt ends in a dead letter', () => {
  expect(decideOutcome(failed(plain), 19, rules)).toMatchObject({ to: 'due' });
  expect(decideOutcome(failed(plain), 20, rules)).toEqual({ to: 'dead', error: 'h1: no' });
});

test('RetryLater sets the wait; of several the longest', () => {
  expect(decideOutcome(failed(new RetryLater(90_000)), 1, rules)).toMatchObject({
    to: 'due',
    delayMs: 90_000,
  });
  const both = failed(new RetryLater(5_000), plain, new RetryLater(7_000));
  expect(decideOutcome(both, 1, rules)).toMatchObject({ delayMs: 7_000 });
});

test('RetryLater does not go on beyond the last attempt', () => {
  expect(decideOutcome(failed(new RetryLater(1)), 20, rules)).toMatchObject({ to: 'dead' });
});

test('a negative RetryLater is at once', () => {
  expect(decideOutcome(failed(new RetryLater(-5)), 1, rules)).toMatchObject({ delayMs: 0 });
});

test('Unrecoverable is a dead letter at once, but not while another failure may pass', () => {
  const hopeless = new Unrecoverable('no such order');
  expect(decideOutcome(failed(hopeless), 1, rules)).toEqual({
    to: 'dead',
    error: 'h1: no such order',
  });
  expect(decideOutcome(failed(hopeless, plain), 1, rules)).toMatchObject({ to: 'due' });
});
