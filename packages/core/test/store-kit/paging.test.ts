import { assert, nat, pre, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { memoryStore } from '@qbitflow/core';
import { readPageRequest, toPage } from '@qbitflow/core/store';
import { payment } from '../support/deliveries.js';

const misconfigured = expect.objectContaining({ code: 'misconfigured' });

/** A row for every sequence number, newest first. */
function pageOf(request: ReturnType<typeof readPageRequest>, sequences: readonly string[]) {
  return toPage('table', request, {
    rows: sequences,
    read: (sequence) => ({ ...payment(1), key: sequence, ...NOTHING_HAPPENED }),
    sequenceOf: (sequence) => sequence,
  });
}

const NOTHING_HAPPENED = {
  state: 'due',
  started: 0,
  finished: 0,
  succeeded: [],
  unhandled: undefined,
  recordedAt: 0,
  at: 0,
} as const;

test.each([
  [undefined, 50],
  [1, 1],
  [1_000, 1_000],
  [1_001, 1_000],
  [1e9, 1_000],
  [1e300, 1_000],
])('a limit of %s is %i a page', (limit, expected) => {
  expect(readPageRequest('table', { limit }).limit).toBe(expected);
});

test.each([0, -1, 1.5, NaN, Infinity, -Infinity])(
  'a limit of %s is an error with a cure',
  (limit) => {
    expect(() => readPageRequest('table', { limit })).toThrow(
      expect.objectContaining({
        code: 'misconfigured',
        message: `the table store was given ${limit} as limit, which must be a whole number from 1 on (more than 1000 counts as 1000): nothing was changed`,
        facts: { store: 'table', limit: String(limit) },
      }),
    );
  },
);

test('a cursor leads to where its page ended', () => {
  const first = pageOf(readPageRequest('table', { limit: 2 }), ['9', '7', '4']);
  expect(first.items.map(({ key }) => key)).toEqual(['9', '7']);
  expect(readPageRequest('table', { cursor: first.nextCursor }).below).toBe('7');
});

test('the last page has no cursor, though it is full', () => {
  expect(pageOf(readPageRequest('table', { limit: 2 }), ['9', '7']).nextCursor).toBeUndefined();
  expect(pageOf(readPageRequest('table', { limit: 2 }), []).nextCursor).toBeUndefined();
});

test('a cursor that was changed anywhere is an error', () => {
  const { nextCursor = '' } = pageOf(readPageRequest('table', { limit: 1 }), ['123', '7']);
  assert(
    property(
      nat(nextCursor.length - 1),
      string({ unit: 'grapheme-ascii', maxLength: 2 }),
      (at, put) => {
        const cursor = nextCursor.slice(0, at) + put + nextCursor.slice(at + 1);
        pre(cursor !== nextCursor);
        expect(() => readPageRequest('table', { cursor })).toThrow(misconfigured);
      },
    ),
  );
});

test.each(['', '7', 'abc', '-', 'table-7-', "table-7-00000000'; --"])(
  'a cursor that no page gave is an error: %s',
  (cursor) => {
    expect(() => readPageRequest('table', { cursor })).toThrow(misconfigured);
  },
);

test('so is one of another kind of store, and what is no text at all', async () => {
  const store = memoryStore();
  await store.record(payment(1));
  await store.record(payment(2));
  const { nextCursor } = await store.list({ limit: 1 });
  expect(() => readPageRequest('table', { cursor: nextCursor })).toThrow(misconfigured);
  for (const cursor of [null, 7, {}])
    expect(() => Reflect.apply(readPageRequest, undefined, ['table', { cursor }])).toThrow(
      misconfigured,
    );
});
