import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../src/protocol/v1/canonical-json.js';
import { seededRandom } from '../../support/seeded-random.js';

const canonicalOf = (text: string): string => canonicalJson(JSON.parse(text));

describe('canonicalJson writes what Go writes', () => {
  it.each([
    ['{}', '{}'],
    ['[]', '[]'],
    ['null', 'null'],
    ['{"b":2,"a":1,"c":3}', '{"a":1,"b":2,"c":3}'],
    ['{"z":{"y":1,"x":2},"a":[{"d":4,"c":3}]}', '{"a":[{"c":3,"d":4}],"z":{"x":2,"y":1}}'],
    ['{"10":1,"9":2,"a":3,"":4}', '{"":4,"10":1,"9":2,"a":3}'],
    [' { "a" : [ true , false , null ] } ', '{"a":[true,false,null]}'],
    ['{"a":1,"a":2}', '{"a":2}'],
  ])('%s', (body, canonical) => {
    expect(canonicalOf(body)).toBe(canonical);
  });

  it.each([
    ['1.0', '1'],
    ['-2.0', '-2'],
    ['2.50', '2.5'],
    ['-0', '-0'],
    ['0', '0'],
    ['1e21', '1e+21'],
    ['1e20', '100000000000000000000'],
    ['999999999999999900000', '999999999999999900000'],
    ['0.000001', '0.000001'],
    ['0.0000001', '1e-7'],
    ['1.5e-10', '1.5e-10'],
    ['-1.25e-7', '-1.25e-7'],
    ['9007199254740993', '9007199254740992'],
    ['5e-324', '5e-324'],
    ['1.7976931348623157e308', '1.7976931348623157e+308'],
  ])('the number %s', (number, canonical) => {
    expect(canonicalOf(number)).toBe(canonical);
  });

  it.each([
    ['html', '"<b>&</b>"', '"\\u003cb\\u003e\\u0026\\u003c/b\\u003e"'],
    ['line ends', '"\\u2028\\u2029"', '"\\u2028\\u2029"'],
    ['neighbours of the line ends', '"\\u2027\\u202a"', '"\u2027\u202a"'],
    ['short escapes', '"\\b\\f\\n\\r\\t\\"\\\\"', '"\\b\\f\\n\\r\\t\\"\\\\"'],
    ['controls', '"\\u0000\\u000b\\u001F"', '"\\u0000\\u000b\\u001f"'],
    [
      'DEL, C1 and non-ASCII',
      '"\\u007f\\u0080é€😀\\ufffd\\uffff"',
      '"\u007f\u0080é€😀\ufffd\uffff"',
    ],
    ['an escaped slash and letter', '"\\/\\u0061"', '"/a"'],
  ])('text: %s', (_, text, canonical) => {
    expect(canonicalOf(text)).toBe(canonical);
  });

  it('orders keys by their UTF-8 bytes, not by UTF-16 units', () => {
    expect(canonicalOf('{"😀":1,"\uffee":2,"a":3}')).toBe('{"a":3,"\uffee":2,"😀":1}');
  });

  it('escapes keys like text', () => {
    expect(canonicalOf('{"<a>&":1}')).toBe('{"\\u003ca\\u003e\\u0026":1}');
  });

  it('orders keys by what they are, not by how they are escaped', () => {
    expect(canonicalOf('{"<":1,"\\"":2,"A":3}')).toBe('{"\\"":2,"\\u003c":1,"A":3}');
  });

  it.each([undefined, 1n, Symbol('s'), () => 1, Number.NaN, Number.POSITIVE_INFINITY])(
    'refuses %s',
    (value) => {
      expect(() => canonicalJson(value)).toThrow(
        expect.objectContaining({ code: 'unreadable_event' }),
      );
    },
  );
});

describe('canonicalJson keeps the value', () => {
  const LETTERS = [
    'a',
    'Z',
    '<',
    '&',
    '"',
    '\\',
    '\n',
    '\u0001',
    'é',
    '\u2028',
    '\uffee',
    '😀',
    '10',
    '__proto__',
  ];

  function valueOf(next: () => number, depth: number): unknown {
    const pick = Math.floor(next() * (depth > 3 ? 4 : 6));
    const text = (): string =>
      Array.from(
        { length: Math.floor(next() * 4) },
        () => LETTERS[Math.floor(next() * LETTERS.length)],
      ).join('');
    const items = Array.from({ length: Math.floor(next() * 5) });
    if (pick === 0) return text();
    if (pick === 1) return (next() - 0.5) * 10 ** Math.floor(next() * 50 - 25);
    if (pick === 2) return next() < 0.5;
    if (pick === 3) return null;
    if (pick === 4) return items.map(() => valueOf(next, depth + 1));
    return Object.fromEntries(items.map(() => [text(), valueOf(next, depth + 1)]));
  }

  it('parses back to an equal value and is its own canonical form', () => {
    const next = seededRandom(20_261_001);
    for (let round = 0; round < 500; round += 1) {
      const value = valueOf(next, 0);
      const canonical = canonicalJson(value);
      expect(JSON.parse(canonical)).toStrictEqual(value);
      expect(canonicalJson(JSON.parse(canonical))).toBe(canonical);
    }
  });
});
