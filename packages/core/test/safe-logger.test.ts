import { runInNewContext } from 'node:vm';
import { safeLogger, silentLogger, systemClock, type Logger } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { resolveOptions } from '../src/options.js';
import { collectingLogger } from './support/collecting-logger.js';
import { settle } from './support/settle.js';

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

const revokedProxy = (): unknown => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
};
const everyLevel = (method: () => unknown): Logger => ({
  debug: method,
  info: method,
  warn: method,
  error: method,
});

test.each<[string, Logger]>([
  [
    'throws',
    everyLevel(() => {
      throw new Error('the worker has exited');
    }),
  ],
  [
    'throws a revoked Proxy',
    everyLevel(() => {
      throw revokedProxy();
    }),
  ],
  ['rejects', everyLevel(async () => Promise.reject(new Error('disk full')))],
  ['gives a revoked Proxy', everyLevel(revokedProxy)],
  [
    'gives a promise of its own kind that fails at once',
    everyLevel(() => ({
      // oxlint-disable-next-line unicorn/no-thenable -- loggers of other promise libraries
      then() {
        throw new Error('then');
      },
    })),
  ],
  [
    'rejects in another realm',
    runInNewContext(
      'const m = async () => { throw new Error("x") }; ({ debug: m, info: m, warn: m, error: m })',
    ) as Logger,
  ],
])('a logger that %s costs its line and nothing else', async (_name, logger) => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', note);
  const safe = safeLogger(logger);
  for (const level of LEVELS) expect(safe[level]({ code: 'x' }, 'said')).toBeUndefined();
  await settle();
  process.off('unhandledRejection', note);
  expect(unhandled).toEqual([]);
});

test('a logger whose methods vanish later is as silent', () => {
  const logger: Record<string, unknown> = { ...collectingLogger() };
  const safe = safeLogger(logger as unknown as Logger);
  logger['warn'] = undefined;
  expect(() => safe.warn({}, 'said')).not.toThrow();
});

test('methods keep their this, are looked up each time, and everything else is inherited', () => {
  class Own {
    readonly said: string[] = [];
    readonly name = 'a';
    debug(_facts: unknown, message: string): void {
      this.said.push(`${this.name} debug ${message}`);
    }
    info(): void {
      this.said.push('info');
    }
    warn(): void {
      this.said.push('warn');
    }
    error(): void {
      this.said.push('error');
    }
    child(): string {
      return `child of ${this.name}`;
    }
  }
  const own = new Own();
  const safe = safeLogger(own);
  const { debug } = safe;
  debug({}, 'one');
  own.debug = () => void own.said.push('exchanged');
  safe.debug({}, 'two');
  expect(own.said).toEqual(['a debug one', 'exchanged']);
  expect((safe as unknown as Own).child()).toBe('child of a');
});

test('errors under err and error are readable, whatever they are; other facts are as given', () => {
  const logger = collectingLogger();
  const safe = safeLogger(logger);
  const plain = { code: 'x', error: 'a text' };
  const bad = Object.defineProperty(new Error('x'), 'message', {
    get() {
      throw new Error('getter');
    },
  });
  safe.error({ code: 'x', err: bad, error: revokedProxy() }, 'said');
  safe.info(plain, 'said');
  const [line, other] = logger.lines;
  expect(String(line?.facts['err'])).toBe('Error: an error whose message cannot be read');
  expect(line?.facts['error']).toBeInstanceOf(Error);
  expect(other?.facts).toBe(plain);
});

test('the silent logger is known for what it is', () => {
  expect(safeLogger(silentLogger)).toBe(silentLogger);
  const { logger, clock } = resolveOptions({ webhookSecret: 'a', logger: false }, {});
  expect([logger === silentLogger, clock === systemClock]).toEqual([true, true]);
});

test.each([Number.NaN, -1, 1.1, Infinity, '0.5', undefined])(
  'a random that gives %o does not reach a timer or a store',
  (value) => {
    const random = Reflect.apply(() => () => value, undefined, []) as () => number;
    expect(resolveOptions({ webhookSecret: 'a', random }, {}).random()).toBe(0.5);
  },
);

test('a random that throws is no reason to fail', () => {
  const random = (): number => {
    throw new Error('no entropy');
  };
  expect(resolveOptions({ webhookSecret: 'a', random }, {}).random()).toBe(0.5);
});
