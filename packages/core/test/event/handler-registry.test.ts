import { expect, test } from 'vitest';
import { createHandlerRegistry } from '../../src/event/handler-registry.js';
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

test('a handler without a name is known by its type and position', () => {
  const registry = createHandlerRegistry();
  registry.on('payment.completed', fine);
  registry.on('payment.completed', fine);
  registry.onAny(fine);
  const names = registry.handlersFor(event).map(({ name }) => name);
  expect(names).toEqual(['payment.completed#1', 'payment.completed#2', '*#1']);
});

test('two handlers of one name are refused, whatever their types', () => {
  const registry = createHandlerRegistry();
  registry.on('payment.completed', fine, { name: 'mail' });
  const error = thrownBy(() => registry.onAny(fine, { name: 'mail' }));
  expect(error).toMatchObject({
    code: 'misconfigured',
    message: 'two handlers are named mail: names tell apart which of them has succeeded',
  });
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
