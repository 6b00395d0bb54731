import { expect, test } from 'vitest';
import { createFairQueue } from '../src/fair-queue.js';

function filled(...items: [client: string, item: string, ahead?: boolean][]) {
  const queue = createFairQueue<string>();
  for (const [client, item, ahead = false] of items) queue.push(client, item, ahead);
  return queue;
}

function drain(queue: ReturnType<typeof filled>): string[] {
  const items: string[] = [];
  for (let item = queue.shift(); item !== undefined; item = queue.shift()) items.push(item);
  return items;
}

test('clients take turns, each with its oldest item first', () => {
  const queue = filled(
    ['a', 'a1'],
    ['a', 'a2'],
    ['a', 'a3'],
    ['b', 'b1'],
    ['c', 'c1'],
    ['c', 'c2'],
  );
  expect(queue.size).toBe(6);
  expect(drain(queue)).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'a3']);
  expect(queue.size).toBe(0);
});

test('who comes while others take turns waits for one turn of each', () => {
  const queue = filled(['a', 'a1'], ['a', 'a2'], ['a', 'a3']);
  expect(queue.shift()).toBe('a1');
  queue.push('b', 'b1', false);
  expect(drain(queue)).toEqual(['a2', 'b1', 'a3']);
});

test('what is ahead goes before the rest of its client, and before nobody else', () => {
  const queue = filled(['a', 'a1'], ['a', 'a2', true], ['a', 'a3', true], ['b', 'b1']);
  expect(drain(queue)).toEqual(['a2', 'b1', 'a3', 'a1']);
});

test('the newest item of the client with most waiting is the one that is dropped', () => {
  const queue = filled(['b', 'b1'], ['a', 'a1'], ['a', 'a2', true], ['a', 'a3']);
  expect(Array.from({ length: 5 }, () => queue.dropFromLongest())).toEqual([
    'a3',
    'a1',
    'b1',
    'a2',
    undefined,
  ]);
  expect(queue.size).toBe(0);
});

test('an item is taken out once', () => {
  const queue = filled(['a', 'a1'], ['a', 'a2', true], ['b', 'b1']);
  expect([queue.remove('a', 'a2'), queue.remove('a', 'a2'), queue.remove('c', 'b1')]).toEqual([
    true,
    false,
    false,
  ]);
  expect([queue.size, drain(queue)]).toEqual([2, ['a1', 'b1']]);
});
