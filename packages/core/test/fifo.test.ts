import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createFifo } from '../src/fifo.js';

test('the first in is the first out, however many come and go', () => {
  const line = createFifo<number>();
  const out: number[] = [];
  for (let number = 0; number < 10_000; number += 1) {
    line.push(number);
    if (number % 3 !== 0) out.push(line.shift() ?? -1);
  }
  for (let number = line.shift(); number !== undefined; number = line.shift()) out.push(number);
  expect(out).toEqual(Array.from({ length: 10_000 }, (_, number) => number));
  expect(line.peek()).toBeUndefined();
});

test('what fits is removed wherever it stands, up to a limit, and the rest keeps its order', () => {
  const line = createFifo<number>();
  for (let number = 0; number < 10; number += 1) line.push(number);
  line.shift();
  expect(line.remove((number) => number % 2 === 0, 3)).toEqual([2, 4, 6]);
  expect([line.shift(), line.shift(), line.shift(), line.shift(), line.shift()]).toEqual([
    1, 3, 5, 7, 8,
  ]);
});

test('what has left is not held', () => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const line = createFifo<object>();
  const left = Array.from({ length: 100 }, () => {
    const item = {};
    line.push(item);
    return new WeakRef(item);
  });
  line.push({});
  for (let count = 0; count < 100; count += 1) line.shift();
  return new Promise<void>((resolve) => {
    // A WeakRef keeps what it names until the turn is over.
    setImmediate(() => {
      collect();
      expect(left.filter((one) => one.deref() !== undefined)).toEqual([]);
      expect(line.peek()).toEqual({});
      resolve();
    });
  });
});
