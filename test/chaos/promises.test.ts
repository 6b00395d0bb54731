import { expect, test } from 'vitest';
import {
  everyHandlerSucceeded,
  noneAfterItsSuccessWasRecorded,
  repeatsAreExplained,
} from './support/promises.mjs';

// The chaos runs prove nothing unless a broken promise is seen. Here each is broken once.
const success = (key: string, pid: number, at: number, attempt = 1) => ({ key, pid, at, attempt });
const note = (what: string, key: string, pid: number, at: number) => ({
  ...success(key, pid, at),
  note: what,
});

test('an event without a success is seen', () => {
  const events = [{ key: 'a' }, { key: 'b' }];
  expect(everyHandlerSucceeded([success('a', 1, 10)], events)).toEqual([
    'b was acknowledged and never handled',
  ]);
});

test('a success after the record of the first is seen', () => {
  const lines = [
    success('a', 1, 10),
    note('delivery_completed', 'a', 1, 11),
    success('a', 2, 12, 2),
  ];
  expect(noneAfterItsSuccessWasRecorded(lines)).toEqual([
    'a was run again, attempt 2, after its success was recorded',
  ]);
});

test('an attempt that begins after the record is seen, even if it never ends', () => {
  const lines = [note('delivery_completed', 'a', 1, 11), note('delivery_started', 'a', 2, 12)];
  expect(noneAfterItsSuccessWasRecorded(lines)).toHaveLength(1);
});

test('two records of one success are seen', () => {
  const lines = [note('delivery_completed', 'a', 1, 11), note('delivery_completed', 'a', 2, 12)];
  expect(noneAfterItsSuccessWasRecorded(lines)).toEqual(['a was done twice']);
});

test('a repeat is allowed only when the process of the first success was killed after it', () => {
  const twice = [success('a', 1, 1_000), success('a', 2, 3_000)];
  expect(repeatsAreExplained(twice, [{ pid: 1, at: 1_500 }])).toEqual([]);
  expect(repeatsAreExplained(twice, [{ pid: 2, at: 1_500 }])).toHaveLength(1);
  expect(repeatsAreExplained(twice, [{ pid: 1, at: 500 }])).toEqual([
    'a was handled twice, and process 1 was not killed',
  ]);
});
