import { expect, it } from 'vitest';
import { trimWhiteSpace } from '../../src/protocol/signature.js';

const OF_UNICODE =
  '\t\n\v\f\r \u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000';

it('takes off every kind of white space and nothing from inside', () => {
  expect(trimWhiteSpace(`${OF_UNICODE}a${OF_UNICODE}b${OF_UNICODE}`)).toBe(`a${OF_UNICODE}b`);
  expect(trimWhiteSpace(OF_UNICODE)).toBe('');
  expect(trimWhiteSpace('')).toBe('');
});

it.each(['\ufeff', '\u200b', '\u180e', '\u2060', '\0', '_'])('%j is none', (text) => {
  expect(trimWhiteSpace(text)).toBe(text);
});

it('is done with a header of nothing but inner white space at once', () => {
  const long = `a${' '.repeat(1_000_000)}b`;
  expect(trimWhiteSpace(long)).toBe(long);
});
