import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createAbortRelay } from '../src/abort-relay.js';

test('a signal has one listener, whoever listens here, and none once all have left', () => {
  const relay = createAbortRelay();
  const { signal } = new AbortController();
  const callback = (): void => undefined;
  const stops = Array.from({ length: 20 }, () => relay.onAbort(signal, callback));
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  for (const stop of stops.slice(1)) stop();
  stops[1]?.();
  expect(getEventListeners(signal, 'abort')).toHaveLength(1);
  stops[0]?.();
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('an abort calls everybody once who has not left', () => {
  const relay = createAbortRelay();
  const ending = new AbortController();
  const called: string[] = [];
  relay.onAbort(ending.signal, () => called.push('first'));
  relay.onAbort(ending.signal, () => called.push('left'))();
  relay.onAbort(ending.signal, () => called.push('last'));
  ending.abort();
  ending.abort();
  expect(called).toEqual(['first', 'last']);
});

test('a signal that aborted before is told of at once', () => {
  const called: number[] = [];
  createAbortRelay().onAbort(AbortSignal.abort(), () => called.push(1))();
  expect(called).toEqual([1]);
});
