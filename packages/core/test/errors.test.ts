import { fileURLToPath } from 'node:url';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type * as core from '@qbitflow/core';
import { isQBitFlowError, QBitFlowError, RetryLater, Unrecoverable } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { asError, statusOf } from '../src/errors.js';

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
