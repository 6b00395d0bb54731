import { QBitFlowError } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { createDiagnostics } from '../src/diagnostics.js';
import { createErrorReporter } from '../src/error-reporter.js';
import { collectingLogger } from './support/collecting-logger.js';
import { settle } from './support/settle.js';

function setUp() {
  const logger = collectingLogger();
  return { logger, reporter: createErrorReporter(logger, createDiagnostics(logger)) };
}
const facts = { stage: 'handle', key: 'k', handler: 'mail', attempt: 2 } as const;

test('a failure is one log line with a stable code, its facts and the error', () => {
  const { logger, reporter } = setUp();
  const error = new Error('no');
  reporter.report(error, facts);
  expect(logger.lines).toEqual([
    {
      level: 'error',
      facts: {
        code: 'handle_failed',
        ...facts,
        docs: expect.stringMatching(/#handle_failed$/),
        err: error,
      },
      message: 'no',
    },
  ]);
});

test('an error of ours brings its own code; a refused signature is a warning', () => {
  const { logger, reporter } = setUp();
  reporter.report(new QBitFlowError('store_full', 'full'), { stage: 'receive' });
  reporter.report(new QBitFlowError('invalid_signature', 'refused'), { stage: 'receive' });
  expect(logger.lines.map(({ level, facts: { code } }) => [level, code])).toEqual([
    ['error', 'store_full'],
    ['warn', 'invalid_signature'],
  ]);
});

test('listeners are told later, in order, with the facts', async () => {
  const { reporter } = setUp();
  const told: unknown[] = [];
  reporter.listen((error, given) => told.push(['first', error.message, given]));
  reporter.listen((error) => told.push(['second', error.message]));
  reporter.report('text', facts);
  expect(told).toEqual([]);
  await settle();
  const message = 'a value that is not an Error was thrown: text';
  expect(told).toEqual([
    ['first', message, facts],
    ['second', message],
  ]);
});

test.each<[string, () => unknown]>([
  [
    'throws',
    () => {
      throw new Error('listener');
    },
  ],
  ['rejects', async () => Promise.reject(new Error('listener'))],
  [
    'throws text',
    () => {
      // oxlint-disable-next-line typescript/only-throw-error -- merchants do
      throw 'listener';
    },
  ],
])('a listener that %s is logged and keeps nobody else from being told', async (_name, bad) => {
  const { logger, reporter } = setUp();
  const told: string[] = [];
  reporter.listen(bad);
  reporter.listen((error) => told.push(error.message));
  reporter.report(new Error('no'), facts);
  await settle();
  expect(told).toEqual(['no']);
  const [line] = logger.withCode('on_error_failed');
  expect(line?.level).toBe('error');
  expect(String(line?.facts['err'])).toContain('listener');
});
