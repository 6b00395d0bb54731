import { expect, test } from 'vitest';
import { quickHash } from '../src/quick-hash.js';
import { SteadyMap } from '../src/steady-map.js';

test('it is a map, whatever comes and goes', () => {
  const steady = new SteadyMap<number>();
  const plain = new Map<string, number>();
  // Numbers of a linear congruential generator.
  let random = 1;
  for (let step = 0; step < 20_000; step += 1) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
    const key = `pay@${(random >>> 8) % 700}`;
    if (random >>> 30 === 0) {
      steady.delete(key);
      plain.delete(key);
    } else {
      steady.set(key, step);
      plain.set(key, step);
    }
    expect(steady.get(key)).toBe(plain.get(key));
  }
  expect(plain.size).toBeGreaterThan(300);
  expect(steady.values().toSorted((one, other) => one - other)).toEqual(
    [...plain.values()].toSorted((one, other) => one - other),
  );
  for (const key of plain.keys()) steady.delete(key);
  expect(steady.values()).toEqual([]);
});

test('keys with the same number are told apart', () => {
  const steady = new SteadyMap<string>();
  const [one, other] = ['pay@8b9a2193', 'pay@164f98ba'];
  expect(quickHash(one)).toBe(quickHash(other));
  steady.set(one, 'one');
  steady.set(other, 'other');
  expect([steady.get(one), steady.get(other)]).toEqual(['one', 'other']);
  steady.delete(one);
  expect([steady.get(one), steady.get(other)]).toEqual([undefined, 'other']);
});
