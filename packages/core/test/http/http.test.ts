import { expect, it } from 'vitest';
import { headerOf } from '../../src/http/http.js';

it.each<[Record<string, string | string[] | undefined>, string | undefined]>([
  [{ 'x-id': 'a' }, 'a'],
  [{ 'X-Id': 'a' }, 'a'],
  [{ 'X-ID': ['a', 'b'] }, 'a'],
  [{ 'X-Id': 'other', 'x-id': 'a' }, 'a'],
  [{ 'x-id': undefined, 'X-Id': 'a' }, 'a'],
  [{ 'x-id': '' }, ''],
  [{ 'x-id': [] }, undefined],
  [{ 'y-id': 'a', 'x-i': 'b', 'x-idx': 'c' }, undefined],
  [{}, undefined],
])('of %j, x-id is %j', (headers, value) => {
  expect(headerOf(headers, 'x-id')).toBe(value);
});

it('what every object has is no header', () => {
  expect(headerOf({ CONSTRUCTOR: 'a' }, 'x-constructor')).toBeUndefined();
});
