import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { silentLogger } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { createDiagnostics, type DeliveryFacts } from '../../src/diagnostics.js';
import { watchDiagnostics } from './watch-diagnostics.js';

/** Facts that count how often they are read. */
function countedFacts() {
  const reads = { count: 0 };
  const facts: DeliveryFacts = {
    get key() {
      reads.count += 1;
      return 'k';
    },
  };
  return { reads, facts };
}

test('nothing is made for the channel without a subscriber, nor for a log that is silent', () => {
  const diagnostics = createDiagnostics(silentLogger);
  const { reads, facts } = countedFacts();
  diagnostics.emit('delivery_received', facts);
  const forNobody = reads.count;
  watchDiagnostics(['delivery_received']);
  diagnostics.emit('delivery_received', facts);
  expect([forNobody, reads.count]).toEqual([0, 2]);
});

test('who subscribes later hears from then on, who unsubscribes no longer', () => {
  const diagnostics = createDiagnostics(silentLogger);
  const heard: unknown[] = [];
  const listener = (message: unknown): void => {
    heard.push(message);
  };
  diagnostics.emit('lease_lost', { key: 'before' });
  subscribe('qbitflow:lease_lost', listener);
  diagnostics.emit('lease_lost', { key: 'during' });
  unsubscribe('qbitflow:lease_lost', listener);
  diagnostics.emit('lease_lost', { key: 'after' });
  expect(heard).toEqual([{ code: 'lease_lost', key: 'during' }]);
});

test('a subscriber hears of every kit in the process, each code on its own channel', () => {
  const [one, other] = [createDiagnostics(silentLogger), createDiagnostics(silentLogger)];
  const messages = watchDiagnostics(['delivery_started']);
  one.emit('delivery_started', { key: 'a', attempt: 1 });
  other.emit('delivery_started', { key: 'b', attempt: 1 });
  other.emit('delivery_completed', { key: 'b', attempt: 1 });
  expect(messages).toEqual([
    { code: 'delivery_started', key: 'a', attempt: 1 },
    { code: 'delivery_started', key: 'b', attempt: 1 },
  ]);
});

test('a subscriber cannot change what the log was told', () => {
  const lines: unknown[] = [];
  const logger = { ...silentLogger, debug: (facts: unknown) => void lines.push(facts) };
  const spoil = (message: unknown): void => {
    Reflect.set(Object(message), 'key', 'spoiled');
  };
  subscribe('qbitflow:delivery_received', spoil);
  const facts = { key: 'k' };
  createDiagnostics(logger).emit('delivery_received', facts);
  unsubscribe('qbitflow:delivery_received', spoil);
  expect([lines, facts]).toEqual([[{ code: 'delivery_received', key: 'k' }], { key: 'k' }]);
});
