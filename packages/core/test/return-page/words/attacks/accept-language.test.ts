import { array, assert, constantFrom, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { silentDiagnostics } from '../support/silent.js';
import { createLanguages } from '../../../../src/return-page/words/languages.js';
import { chooseLocale } from '../../../../src/return-page/words/choice.js';

const OFFERED = ['en', 'de', 'ar'];

function choose(header: string | readonly string[], url = '/'): string {
  return chooseLocale(OFFERED, { method: 'GET', url, headers: { 'accept-language': header } });
}

test.each([
  ['a header of 100 kB', `${'x-'.repeat(50_000)},de`],
  ['a range of 100 kB', `de-${'a'.repeat(100_000)}`],
  ['a thousand ranges', `${'xx,'.repeat(1_000)}de`],
  ['only separators', ',;=,;=,;=;;;,,,'.repeat(1_000)],
  ['a weight of many digits', `sv;q=0.${'9'.repeat(500)}`],
  ['what backtracks', `${'a-'.repeat(400)}!`],
  ['control characters and markup', '<script>\u0000\r\nset-cookie: a=b'],
  ['names of properties', 'constructor, __proto__, toString, hasOwnProperty'],
  ['surrogates', '\ud800\udfff\ud800'],
])('%s gets the default', (_, header) => {
  expect(choose(header)).toBe('en');
});

test('what is no range does not keep a range from being read', () => {
  expect(choose('<script>, de_DE, %00, , ;q=1, de;q=0.1')).toBe('de');
  expect(choose('sv;q=1;q=0, de;q=oops')).toBe('de');
  expect(choose(['de', 'ar'])).toBe('de');
});

test('a weight that is none does not win', () => {
  for (const weight of ['1e9', '2', '-1', 'Infinity', '0x1', '١', '1.5'])
    expect(choose(`de;q=${weight}, ar;q=0.5`)).toBe('ar');
});

test('whatever comes, the answer is one of the languages that are offered', () => {
  const piece = oneof(
    string({ unit: 'binary' }),
    constantFrom('de', 'ar-EG', '*', ';q=', ',', '-', '%', '&lang=', '?lang=', '0.5', 'x-'),
  );
  const text = array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));
  const answers = new Set<string>();
  const ask = property(text, text, (header, lang) => {
    answers.add(choose(header, `/?lang=${lang}`));
  });
  assert(ask, { numRuns: 2_000 });
  expect([...answers].toSorted()).toEqual(['ar', 'de', 'en']);
});

test('made-up languages take no memory: as many are kept as are offered', async () => {
  const languages = createLanguages('a test', ['en', 'de']);
  const made = new Set();
  for (let index = 0; index < 500; index += 1) {
    const headers = { 'accept-language': `de-x-a${index}, x${index}` };
    const url = `/?lang=de-a${index}`;
    made.add(await languages.of({ method: 'GET', url, headers }, silentDiagnostics()));
  }
  expect(made.size).toBe(1);
});
