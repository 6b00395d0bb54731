import { expect, test } from 'vitest';
import { createHandlerRegistry } from '../../src/event/handlers.js';
import { eventOf, payment } from '../support/deliveries.js';
import { thrownBy } from '../support/rejection-of.js';

const event = eventOf(payment(1));
const fine = () => undefined;

test('handlers of the type come in the order they were registered, those of any type last', () => {
  const registry = createHandlerRegistry();
  registry.onAny(fine, { name: 'any' });
  registry.on('payment.completed', fine, { name: 'first' });
  registry.on('refund.requested', fine, { name: 'other' });
  registry.on('payment.completed', fine, { name: 'second' });
  expect(registry.handlersFor(event).map(({ name }) => name)).toEqual(['first', 'second', 'any']);
});

test("a handler is known by the name it is given, else by its function's, else by its type", () => {
  const registry = createHandlerRegistry();
  async function ship() {
    await Promise.resolve();
  }
  registry.on('payment.completed', ship);
  registry.on('payment.completed', ship, { name: 'mail' });
  registry.on('refund.requested', () => undefined);
  registry.onAny(() => undefined);
  const names = registry.handlersFor(event).map(({ name }) => name);
  expect(names).toEqual(['ship', 'mail', '*']);
  const refund = { ...event, type: 'refund.requested' } as typeof event;
  expect(registry.handlersFor(refund).map(({ name }) => name)).toEqual(['refund.requested', '*']);
});

test('a type with two handlers asks for the name of each, whichever has none', () => {
  const unnamedLast = createHandlerRegistry();
  unnamedLast.on('payment.completed', fine);
  const last = thrownBy(() => unnamedLast.on('payment.completed', () => undefined));
  const unnamedFirst = createHandlerRegistry();
  unnamedFirst.on('payment.completed', () => undefined);
  const first = thrownBy(() => unnamedFirst.on('payment.completed', fine));
  for (const error of [last, first])
    expect(error).toMatchObject({
      code: 'misconfigured',
      message: expect.stringMatching(/two handlers.*no name.*pass \{ name: 'ship' \}/) as string,
    });
});

test('two handlers of one name are refused where they share deliveries, and only there', () => {
  const registry = createHandlerRegistry();
  registry.on('payment.completed', fine, { name: 'mail' });
  registry.on('refund.requested', fine, { name: 'mail' });
  const error = thrownBy(() => registry.onAny(fine, { name: 'mail' }));
  expect(error).toMatchObject({
    code: 'misconfigured',
    message: expect.stringContaining('are named mail') as string,
  });
  expect(thrownBy(() => registry.on('payment.completed', fine, { name: 'mail' }))).toMatchObject({
    code: 'misconfigured',
  });
});

test("a handler may not be formerly what another one is now: one's success would count for both", () => {
  const registry = createHandlerRegistry();
  registry.on('payment.completed', fine, { name: 'mail' });
  const rename = () =>
    registry.on('payment.completed', () => undefined, { name: 'letter', formerly: 'mail' });
  expect(thrownBy(rename)).toMatchObject({ code: 'misconfigured' });
});

test.each([
  ['payment.complete', /did you mean 'payment\.completed'/],
  ['paymentCompleted', /did you mean 'payment\.completed'/],
  ['Payment.Completed', /did you mean 'payment\.completed'/],
  ['subscription.status_changed', /did you mean 'subscription\.statusChanged'/],
  ['refund.request', /did you mean 'refund\.requested'/],
  ['*', /use onAny/],
  ['', /use onAny/],
  ['invoice.paid', /use onUnknown/],
  ['constructor', /use onUnknown/],
  [undefined, /needs an event type/],
  [null, /needs an event type/],
  [['payment.completed'], /needs an event type/],
])('on(%j) would never be called and is refused', (type, message) => {
  const registry = createHandlerRegistry();
  const error = thrownBy(() => registry.on(type as unknown as 'payment.completed', fine));
  expect(error).toMatchObject({
    code: 'misconfigured',
    message: expect.stringMatching(message) as string,
  });
});

test('a slip in the naming of a handler is refused: its success would be forgotten with a deploy', () => {
  const registry = createHandlerRegistry();
  const name = (naming: unknown): void =>
    registry.on('payment.completed', () => undefined, naming as never);
  expect(() => name({ named: 'ship' })).toThrow('did you mean name?');
  expect(() => name({ name: 'ship', former: 'send' })).toThrow("'former' is no option");
  expect(() => name('ship')).toThrow('options are an object');
});

test('wanted tells the types that have a handler', () => {
  const registry = createHandlerRegistry();
  expect(registry.wanted()).toEqual({ only: [] });
  registry.on('payment.completed', fine);
  expect(registry.wanted()).toEqual({ only: ['payment.completed'] });
  expect([registry.handles('payment.completed'), registry.handles('invoice.paid')]).toEqual([
    true,
    false,
  ]);
  registry.onUnknown(fine);
  expect(registry.wanted()).toEqual({
    except: expect.not.arrayContaining(['payment.completed', 'invoice.paid']) as string[],
  });
  expect(registry.handles('invoice.paid')).toBe(true);
  registry.onAny(fine, { name: 'any' });
  expect(registry.wanted()).toBeUndefined();
});

test.each(['on', 'onAny', 'onUnknown'] as const)('%s refuses what is no function', (method) => {
  const registry = createHandlerRegistry();
  const nothing = undefined as unknown as typeof fine;
  const register = {
    on: () => registry.on('payment.completed', nothing),
    onAny: () => registry.onAny(nothing),
    onUnknown: () => registry.onUnknown(nothing),
  }[method];
  expect(thrownBy(register)).toMatchObject({ code: 'misconfigured' });
});

test('two registries know nothing of each other', () => {
  const registry = createHandlerRegistry();
  registry.on('payment.completed', fine);
  expect(createHandlerRegistry().handlersFor(event)).toEqual([]);
});

test('a type named like a part of Object has no handlers', () => {
  const registry = createHandlerRegistry();
  const odd = { ...event, type: 'constructor' } as unknown as typeof event;
  expect(registry.handlersFor(odd)).toEqual([]);
});
