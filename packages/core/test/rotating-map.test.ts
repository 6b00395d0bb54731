import { expect, test } from 'vitest';
import { createRotatingMap } from '../src/rotating-map.js';

test('the youngest half of the capacity is always there, and never more than the capacity', () => {
  const map = createRotatingMap<number>(10);
  for (let number = 1; number <= 100; number += 1) {
    map.set(String(number), number);
    expect(map.size()).toBeLessThanOrEqual(10);
  }
  expect(['96', '97', '98', '99', '100'].map((key) => map.get(key))).toEqual([96, 97, 98, 99, 100]);
  expect(map.get('1')).toBe(undefined);
});

test('a value set again is the newer one', () => {
  const map = createRotatingMap<string>(4);
  map.set('a', 'old');
  map.set('b', 'b');
  map.set('c', 'c');
  map.set('a', 'new');
  expect(map.get('a')).toBe('new');
});
