import { canonicalJson as kitsCanonicalJson } from '@qbitflow/core';
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  dictionary,
  double,
  integer,
  letrec,
  oneof,
  property,
  string,
} from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/wire/canonical-json.js';
import { VECTORS_V1 } from '../support/vectors.js';

describe("the sandbox's own canonical JSON", () => {
  test.each(VECTORS_V1)('$body', ({ body, canonical }) => {
    expect(canonicalJson(JSON.parse(body))).toBe(canonical);
  });

  test.each([
    ['U+2028 and U+2029 are escaped', '\u2028\u2029', String.raw`"\u2028\u2029"`],
    [
      'control characters as Go writes them',
      '\b\f\n\r\t\u0001\u007f',
      '"\\b\\f\\n\\r\\t\\u0001\u007f"',
    ],
    ['other letters are literal', 'Tüte 🛍', '"Tüte 🛍"'],
    ['lone surrogates become U+FFFD', 'a\ud800b\udc00', '"a\ufffdb\ufffd"'],
    ['large numbers have an exponent', 1e21, '1e+21'],
    ['so have small ones', 1e-7, '1e-7'],
    ['up to then they have none', 123_456_789_012_345_680_000, '123456789012345680000'],
    ['zero keeps its sign', -0, '-0'],
    [
      'keys are in the order of their bytes, not of their UTF-16 units',
      { '🛍': 1, '\uffee': 2, b: 3, B: 4, '10': 5, '9': 6 },
      '{"10":5,"9":6,"B":4,"b":3,"\uffee":2,"🛍":1}',
    ],
    ['keys that are one to Go: the last counts', { 'x\ud800': 1, 'x\udc00': 2 }, '{"x\ufffd":2}'],
  ])('%s', (_, value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  test.each([
    ['Infinity', JSON.parse('1e400'), 'too large'],
    ['a bigint', 1n, 'no text for a value of type bigint'],
    ['more than 1,000 levels', JSON.parse('['.repeat(1_001) + ']'.repeat(1_001)), 'nested deeper'],
  ])('there is none for %s', (_, value, message) => {
    expect(() => canonicalJson(value)).toThrow(message);
  });

  const unit = oneof(
    constantFrom('a', '<', '&', '\u2028', '\ud83d', '\udecd', '\ue000', '\uffff'),
    integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  const text = string({ unit });
  const { value } = letrec((tie) => ({
    value: oneof(
      { maxDepth: 4 },
      text,
      double({ noNaN: true, noDefaultInfinity: true }),
      integer(),
      boolean(),
      constant(null),
      array(tie('value')),
      dictionary(text, tie('value')),
    ),
  }));

  test('agrees with the kit on any value', () => {
    assert(
      property(value, (one) => {
        expect(canonicalJson(one)).toBe(kitsCanonicalJson(one));
      }),
      { numRuns: 500 },
    );
  });
});
