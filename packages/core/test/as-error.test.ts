import { inspect } from 'node:util';
import { runInNewContext } from 'node:vm';
import { isQBitFlowError, QBitFlowError, RetryLater, Unrecoverable } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { asError, asText } from '../src/as-error.js';

const MEGABYTES = 'y'.repeat(5_000_000);

function revoked(target: object): unknown {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
}

function hostile(target: object): unknown {
  const fail = (): never => {
    throw new Error('trap');
  };
  return new Proxy(target, { get: fail, has: fail, getPrototypeOf: fail, ownKeys: fail });
}

const getter = (field: string, target: object = new Error('x')) =>
  Object.defineProperty(target, field, {
    get() {
      throw new Error('getter');
    },
  });

function circle(): Error {
  const one = new Error('one');
  one.cause = new Error('two', { cause: one });
  return one;
}

function chain(length: number): Error {
  let error = new Error('the first');
  for (let link = 1; link < length; link += 1) error = new Error(`link ${link}`, { cause: error });
  return error;
}

const odd: [string, () => unknown][] = [
  ['a symbol for a message', () => Object.assign(new Error('x'), { message: Symbol('s') })],
  ['an object for a message', () => Object.assign(new Error('x'), { message: { a: 1 } })],
  [
    'no prototype in its message',
    () => Object.assign(new Error('x'), { message: Object.create(null) }),
  ],
  ['a message whose getter throws', () => getter('message')],
  ['a stack whose getter throws', () => getter('stack')],
  ['a name whose getter throws', () => getter('name')],
  ['a cause whose getter throws', () => getter('cause')],
  ['a symbol for a name', () => Object.assign(new Error('x'), { name: Symbol('s') })],
  ['5 MB of message', () => new Error(MEGABYTES)],
  ['5 MB of stack', () => Object.assign(new Error('x'), { stack: MEGABYTES })],
  ['5 MB in its cause', () => new Error('x', { cause: new Error(MEGABYTES) })],
  ['5 MB of text for a cause', () => new Error('x', { cause: MEGABYTES })],
  ['5 MB in one of its errors', () => new AggregateError([new Error(MEGABYTES)], 'x')],
  [
    'a thousand errors',
    () =>
      new AggregateError(
        Array.from({ length: 1_000 }, () => new Error('y')),
        'x',
      ),
  ],
  ['a circle of causes', circle],
  ['a chain of a thousand causes', () => chain(1_000)],
  ['a revoked Proxy for a cause', () => new Error('x', { cause: revoked({}) })],
  ['a Proxy around it that fails', () => hostile(new Error('x'))],
  ['a Proxy around it that is revoked', () => revoked(new Error('x'))],
  ['nothing but the prototype of errors', () => Object.create(Error.prototype)],
  ['5 MB of text', () => MEGABYTES],
  ['a huge object', () => ({ body: MEGABYTES })],
  ['an object whose JSON fails', () => ({ toJSON: () => getter('x').toString.call(revoked({})) })],
  ['a circular object', () => Object.assign(Object.create(null), { circle: circle() })],
  ['a function', () => () => MEGABYTES],
  ['a value of a subclass with a getter', () => getter('message', new RetryLater(1))],
];

test.each(odd)('an error with %s is told in bounded, readable words', (_name, make) => {
  const error = asError(make());
  for (let link: unknown = error, depth = 0; link instanceof Error; link = link.cause, depth += 1) {
    expect(typeof link.message).toBe('string');
    expect(link.message.length).toBeLessThanOrEqual(2_100);
    expect(String(link.stack).length).toBeLessThanOrEqual(10_000);
    expect(typeof link.name).toBe('string');
    expect(depth).toBeLessThan(20);
  }
  expect(inspect(error).length).toBeLessThan(100_000);
  expect(String(error).length).toBeLessThan(4_200);
  expect(asText(make()).length).toBeLessThanOrEqual(2_100);
  expect(isQBitFlowError(make())).toBe(error instanceof RetryLater);
});

test('what stands in for an error still tells what it is', () => {
  const own = Object.assign(new Unrecoverable('x'), { message: MEGABYTES });
  const stand = asError(own);
  expect(isQBitFlowError(stand) && stand.code).toBe('unrecoverable');
  expect([stand instanceof Unrecoverable, stand.name]).toEqual([true, 'Unrecoverable']);
  const coded = asError(Object.assign(new TypeError(MEGABYTES), { code: 'ECONNRESET' }));
  expect([coded instanceof TypeError, Reflect.get(coded, 'code')]).toEqual([true, 'ECONNRESET']);
  expect(own.message).toBe(MEGABYTES);
});

test.each<[string, Error]>([
  ['a plain one', new TypeError('x', { cause: new Error('y', { cause: 'z' }) })],
  ['one of ours', new QBitFlowError('internal', 'x', { cause: { a: 1 } })],
  ['one without a stack', Object.assign(new Error('x'), { stack: undefined })],
  ['one of several', new AggregateError([new Error('a'), new Error('b')], 'x')],
  ['one of another realm', runInNewContext('new RangeError("x")') as Error],
  ['one of the platform', AbortSignal.abort().reason as Error],
])('an Error that is sound stays what it is: %s', (_name, error) => {
  expect(asError(error)).toBe(error);
});

test('a cut never leaves half a character', () => {
  const { message } = asError(new Error('🙂'.repeat(1_500)));
  expect(message.length).toBeLessThanOrEqual(2_000);
  expect(message).not.toMatch(/\p{Surrogate}/u);
});

test('the messages of our own errors are bounded from the start', () => {
  expect(new Unrecoverable(MEGABYTES).message.length).toBeLessThanOrEqual(2_000);
  const untyped: unknown = Reflect.construct(Unrecoverable, [new Error('sold out')]);
  expect(String(untyped)).toBe('Unrecoverable: sold out');
});

test.each<[string, () => unknown]>([
  ['of a platform, which no Error constructor has made', () => new DOMException('no such row')],
  [
    'of a class written without `class`',
    () => Object.assign(Object.create(Error.prototype) as object, { message: 'no such row' }),
  ],
  [
    'of such a class in another realm',
    () =>
      runInNewContext("Object.assign(Object.create(Error.prototype), { message: 'no such row' })"),
  ],
  ['that stands in for another', () => Object.create(new RangeError('no such row')) as unknown],
])('an error %s keeps its message', (_name, make) => {
  expect(asError(make()).message).toBe('no such row');
});

test('a value whose prototypes have no end is no error, and is told as what it is', () => {
  const endless: object = new Proxy({}, { getPrototypeOf: () => endless });
  expect(asError(endless).message).toContain('a value that is not an Error was thrown');
});
