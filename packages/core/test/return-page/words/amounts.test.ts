import { assert, bigInt, property, stringMatching, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SHIPPED_LOCALES } from '../../../src/return-page/words/catalogues.js';
import { decimalText, fromMinUnits, readDecimal } from '../../../src/return-page/words/decimal.js';
import { languageOf } from './support/language-of.js';

/** The digits of a formatted amount, and where their point is, by the language's own digits and signs. */
function digitsOf(text: string, locale: string): string {
  const parts = new Intl.NumberFormat(locale).formatToParts(12345.6);
  const point = parts.find(({ type }) => type === 'decimal')?.value ?? '.';
  const at = text.lastIndexOf(point, text.search(/\d\D*$/));
  const digits = (part: string): string => part.replaceAll(/\D/g, '');
  // A price has cents always: what comes last is no group of thousands.
  return `${digits(text.slice(0, at))}.${digits(text.slice(at))}`;
}

describe.each(SHIPPED_LOCALES)('in %s', (locale) => {
  test.each([
    [0, '0.00'],
    [4.5, '4.50'],
    [1.005, '1.005'],
    [0.001, '0.001'],
    [0.004999, '0.004999'],
    [1e-7, '0.0000001'],
    [1e21, '1000000000000000000000.00'],
    [1.5e300, undefined],
    ['0.000001', '0.000001'],
    ['1e-7', '0.0000001'],
    ['1E+21', '1000000000000000000000.00'],
    ['9007199254740993.01', '9007199254740993.01'],
    ['1234567.891', '1234567.891'],
    ['0001.50', '1.50'],
    ['4.50000', '4.50'],
    [`0.${'123456789'.repeat(5)}`, `0.${'123456789'.repeat(5)}`],
    ['', undefined],
    ['-1', undefined],
    ['1,50', undefined],
    ['NaN', undefined],
    [Number.NaN, undefined],
    [Infinity, undefined],
    ['0x10', undefined],
    ['9'.repeat(101), undefined],
    ['1e999999999', undefined],
  ])('a price of %s dollars keeps every digit', async (price, digits) => {
    const shown = (await languageOf(locale)).usd(price);
    expect(shown && digitsOf(shown, locale)).toBe(digits);
  });

  test('whatever a price is, its digits are read back', async () => {
    const language = await languageOf(locale);
    const price = tuple(
      bigInt({ min: 0n, max: 10n ** 24n }),
      stringMatching(/^\d{0,24}[1-9]$/),
    ).map(([whole, fraction]) => `${whole}.${fraction.padEnd(2, '0')}`);
    const readBack = property(price, (text) => {
      expect(digitsOf(language.usd(text) ?? '', locale)).toBe(text);
    });
    expect(() => assert(readBack)).not.toThrow();
  });

  test('a price names its currency, or shows its sign', async () => {
    expect((await languageOf(locale)).usd(9)).toMatch(/\$|USD/);
  });

  test('an amount of a coin has its digits and its symbol, not parted by a line break', async () => {
    const amount = readDecimal('1234.050000000000000001');
    const shown = amount && (await languageOf(locale)).coin(amount, 'ETH');
    expect(shown).toMatch(/050000000000000001\u00a0ETH$/);
  });
});

test('prices look as the language writes them', async () => {
  const shown = await Promise.all(
    SHIPPED_LOCALES.map(async (locale) => (await languageOf(locale)).usd('1234567.5')),
  );
  expect(shown).toEqual([
    '$1,234,567.50 USD',
    '1.234.567,50\u00a0$',
    '1\u202f234\u202f567,50\u00a0$US',
    '1.234.567,50\u00a0US$',
    'US$\u00a01.234.567,50',
    '1.234.567,50\u00a0USD',
    'US$\u00a01.234.567,50',
    '1\u00a0234\u00a0567,50\u00a0USD',
    '$1.234.567,50',
    '1,234,567.50\u00a0US$',
    '$12,34,567.50',
    'US$1,234,567.50',
    '$1,234,567.50',
    'US$1,234,567.50',
  ]);
});

test("a merchant's language writes with its own digits", async () => {
  const persian = { locale: 'fa', extends: 'en' } as const;
  expect((await languageOf('fa', [persian])).usd('12.0345')).toContain('۱۲٫۰۳۴۵');
});

test.each([
  ['1500000', 6, '1.5'],
  ['50000000000000000', 18, '0.05'],
  ['1', 18, '0.000000000000000001'],
  ['12', 0, '12'],
  ['0', 9, '0'],
  [
    '115792089237316195423570985008687907853269984665640564039457584007913129639935',
    18,
    '115792089237316195423570985008687907853269984665640564039457.584007913129639935',
  ],
  ['1.5', 6, undefined],
  ['-1', 6, undefined],
  ['1', -1, undefined],
  ['1', 1.5, undefined],
  ['1', 1_000, undefined],
  ['9'.repeat(5_000), 6, undefined],
])('%s smallest units of %s decimals are %s', (units, decimals, expected) => {
  const read = fromMinUnits(units, decimals);
  expect(read && decimalText(read)).toBe(expected);
});

test('a symbol cannot turn the text around it', async () => {
  const amount = { whole: '12', fraction: '5' };
  expect((await languageOf('en')).coin(amount, '\u202eHTE\u2066')).toBe('12.5\u00a0HTE');
});
