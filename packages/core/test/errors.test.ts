import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as core from '@qbitflow/core';
import { isQBitFlowError, QBitFlowError, RetryLater, Unrecoverable } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { askedDelayMs, asError, statusOf } from '../src/errors.js';

test('an error carries code, facts and cause', () => {
  const cause = new Error('down');
  const error = new QBitFlowError('store_unavailable', 'no', { cause, facts: { store: 'memory' } });
  expect(error).toMatchObject({
    name: 'QBitFlowError',
    code: 'store_unavailable',
    message: 'no',
    cause,
    facts: { store: 'memory' },
  });
});

test('without a cause there is no cause', () => {
  expect('cause' in new QBitFlowError('internal', 'no')).toBe(false);
});

test('facts are a copy', () => {
  const facts = { key: 'a' };
  const error = new QBitFlowError('internal', 'no', { facts });
  facts.key = 'b';
  expect(error.facts).toEqual({ key: 'a' });
});

test.each([
  ['invalid_signature', 401],
  ['method_not_allowed', 405],
  ['body_timeout', 408],
  ['body_too_large', 413],
  ['body_consumed', 500],
  ['store_unavailable', 503],
  ['store_full', 503],
  ['verification_undecided', 503],
] as const)('%s is answered %i', (code, status) => {
  expect(statusOf(code)).toBe(status);
});

test('what handlers throw is told apart', () => {
  const later = new RetryLater(5_000);
  expect(later).toMatchObject({ name: 'RetryLater', code: 'retry_later', delayMs: 5_000 });
  const never = new Unrecoverable('sold out', { cause: 'x' });
  expect(never).toMatchObject({ name: 'Unrecoverable', code: 'unrecoverable', cause: 'x' });
  expect([later, never].every((error) => error instanceof Error)).toBe(true);
});

const NOW = 1_790_856_000_000;

test.each<[string, Parameters<typeof RetryLater.fromHeader>[0], number | undefined]>([
  ['seconds', '120', 120_000],
  ['part of a second', ' 1.5 ', 1_500],
  ['a date', 'Thu, 01 Oct 2026 12:00:30 GMT', 30_000],
  ['a date of the old form', 'Thursday, 01-Oct-26 12:00:30 GMT', 30_000],
  ['a date of the oldest form', 'Thu Oct  1 12:00:30 2026', 30_000],
  ['a date gone by', 'Thu, 01 Oct 2020 12:00:30 GMT', 0],
  ['several headers', ['7', '9'], 7_000],
  ['no header', null, undefined],
  ['no header of Node', undefined, undefined],
  ['no headers', [], undefined],
  ['an empty header', '', undefined],
  ['nonsense', 'soon 1', undefined],
  ['a negative number', '-5', undefined],
  ['more than a year', '31622401', undefined],
  ['more than any number', '9'.repeat(400), undefined],
  ['a date beyond a year', 'Thu, 01 Oct 2099 12:00:30 GMT', undefined],
])('RetryLater.fromHeader of %s', (_name, header, delayMs) => {
  expect(askedDelayMs(RetryLater.fromHeader(header), NOW)).toBe(delayMs);
});

test('a header that says nothing leaves the wait to the handler', () => {
  const later = RetryLater.fromHeader(null, { otherwiseMs: 60_000, reason: 'closed' });
  expect(later).toMatchObject({ message: 'closed', delayMs: 60_000, facts: { delayMs: 60_000 } });
  expect(RetryLater.fromHeader('5', { otherwiseMs: 60_000 }).delayMs).toBe(5_000);
});

test('RetryLater says what it was given that is no time', () => {
  const later = new RetryLater(Number.NaN, 'closed');
  expect(later.message).toBe(
    'closed (RetryLater was given NaN, often a header that is missing: the usual back-off applies)',
  );
  expect(later.facts).toMatchObject({ problem: 'NaN, often a header that is missing' });
  expect(later).toMatchObject({ code: 'retry_later', delayMs: undefined, at: undefined });
  const text: unknown = Reflect.construct(RetryLater, ['Thu, 01 Oct 2026 12:00:30 GMT']);
  expect(String(text)).toContain('goes through RetryLater.fromHeader()');
});

test('a moment is kept as it was given, whatever becomes of the Date', () => {
  const at = new Date(NOW + 1_000);
  const later = new RetryLater(at);
  at.setTime(0);
  expect(askedDelayMs(later, NOW)).toBe(1_000);
  expect(later.facts).toMatchObject({ at: '2026-10-01T12:00:01.000Z' });
});

test.each([undefined, null, new Error('x'), new Unrecoverable('x'), { delayMs: 5 }])(
  '%o asks for no wait',
  (error) => {
    expect(askedDelayMs(error, NOW)).toBeUndefined();
  },
);

test.each([null, undefined, 'QBitFlowError', 0, {}, new Error('x'), { code: 'internal' }])(
  '%o is no error of ours',
  (value) => {
    expect(isQBitFlowError(value)).toBe(false);
  },
);

test('an error of another copy of the class is recognised by its brand', () => {
  class Copy extends Error {
    readonly code = 'retry_later';
    constructor() {
      super('from elsewhere');
      Object.defineProperty(this, Symbol.for('@qbitflow/error'), { value: true });
    }
  }
  expect(new Copy() instanceof QBitFlowError).toBe(false);
  expect(isQBitFlowError(new Copy())).toBe(true);
});

const built = ['cjs', 'esm'].map(
  (format) => new URL(`../dist/${format}/index.js`, import.meta.url),
);

describe.runIf(built.every((file) => existsSync(file)))(
  'both module formats in one program',
  () => {
    test('each recognises the errors of the other', async () => {
      const require = createRequire(import.meta.url);
      const [cjsFile = '', esmFile = ''] = built.map((file) => fileURLToPath(file));
      const cjs = require(cjsFile) as typeof core;
      const esm = (await import(/* @vite-ignore */ esmFile)) as typeof core;
      expect(cjs.QBitFlowError).not.toBe(esm.QBitFlowError);
      expect(esm.isQBitFlowError(new cjs.RetryLater(1))).toBe(true);
      expect(cjs.isQBitFlowError(new esm.Unrecoverable('no'))).toBe(true);
    });
  },
);

test.each<[string, unknown, string]>([
  ['text', 'no', 'a value that is not an Error was thrown: no'],
  ['nothing', undefined, 'a value that is not an Error was thrown: undefined'],
  ['null', null, 'a value that is not an Error was thrown: null'],
  ['an object', { a: 1 }, 'a value that is not an Error was thrown: {"a":1}'],
  ['a bigint', 1n, 'a value that is not an Error was thrown: bigint'],
  ['a symbol', Symbol('x'), 'a value that is not an Error was thrown: symbol'],
  [
    'an object without prototype',
    Object.create(null),
    'a value that is not an Error was thrown: {}',
  ],
])('%s that was thrown becomes an Error', (_name, thrown, message) => {
  const error = asError(thrown);
  expect([error.message, error.cause]).toEqual([message, thrown]);
});

test('an Error stays what it is', () => {
  const error = new TypeError('x');
  expect(asError(error)).toBe(error);
});
