import { expect, test } from 'vitest';
import { chooseLocale } from '../../../src/return-page/words/choice.js';

function choose(offered: readonly string[], header?: string, url = '/success'): string {
  return chooseLocale(offered, { method: 'GET', url, headers: { 'accept-language': header } });
}

const OFFERED = ['en', 'de', 'fr', 'pt', 'zh', 'ar'];

test.each<readonly [header: string | undefined, expected: string, why: string]>([
  [undefined, 'en', 'no wish'],
  ['', 'en', 'an empty one'],
  ['de', 'de', 'a language'],
  ['DE', 'de', 'in capitals'],
  ['de-CH', 'de', 'a region of it'],
  ['de-CH-1996', 'de', 'a spelling of a region of it'],
  ['pt-PT, en;q=0.9', 'pt', 'a region whose language is offered, before another language'],
  ['zh-Hant-TW', 'zh', 'a script'],
  ['zh-TW,zh;q=0.9,en-US;q=0.8', 'zh', 'as Chrome asks'],
  ['sv, de;q=0.8, fr;q=0.9', 'fr', 'by their weight and not by their order'],
  ['fr, de', 'fr', 'of two equal ones the first'],
  ['de;q=0.5, fr;q=0.5', 'de', 'of two equal weights the first'],
  ['sv', 'en', 'one that is not offered'],
  ['*', 'en', 'any'],
  ['*, de;q=0.5', 'en', 'any, rather than one'],
  ['sv, *;q=0.5', 'en', 'one that is not offered, else any'],
  ['en;q=0, *', 'de', 'any but the default'],
  ['en;q=0', 'en', 'none but the default is left when there is no wish'],
  ['de;q=0, de-AT, fr;q=0.1', 'fr', 'a language that is not wanted'],
  ['de ; q=0.9 , fr ; q=1.0', 'fr', 'spaces wherever they may be'],
  ['de;Q=0.2, fr;q=0.3', 'fr', 'a weight in capitals'],
  ['de-x-shop', 'de', 'a private part'],
  ['de-u-nu-arab', 'de', 'an extension'],
])('%s gets %s: %s', (...[header, expected]) => {
  expect(choose(OFFERED, header)).toBe(expected);
});

test('a language that is offered for a region serves the language and its other regions', () => {
  expect(choose(['en', 'de-AT'], 'de')).toBe('de-AT');
  expect(choose(['en', 'de-AT'], 'de-CH, en;q=0.9')).toBe('de-AT');
  expect(choose(['en', 'de', 'de-AT'], 'de-CH')).toBe('de');
  expect(choose(['en', 'de', 'de-AT'], 'de-AT')).toBe('de-AT');
  expect(choose(['en', 'zh-Hant'], 'zh-hant-hk')).toBe('zh-Hant');
});

test('a language is found under the name it had before', () => {
  expect(choose(['en', 'he'], 'iw-IL')).toBe('he');
  expect(choose(['en', 'id'], 'in')).toBe('id');
});

test('?lang= comes before what the browser would rather have', () => {
  expect(choose(OFFERED, 'fr', '/success?uuid=pay%40x&lang=de')).toBe('de');
  expect(choose(OFFERED, 'fr', '/success?lang=de-AT&uuid=x')).toBe('de');
  expect(choose(OFFERED, 'fr', 'https://shop.example/success?lang=ar#lang=de')).toBe('ar');
});

test('a ?lang= that is not offered, or no language, leaves the choice to the browser', () => {
  for (const lang of ['sv', '', '*', '%', 'de_AT', '../en', '<script>', 'toString', '__proto__'])
    expect(choose(OFFERED, 'fr', `/success?lang=${lang}`)).toBe('fr');
});

test('of several ?lang= the first that is a language counts', () => {
  expect(choose(OFFERED, 'fr', '/success?lang=de&lang=ar')).toBe('de');
  expect(choose(OFFERED, 'fr', '/success?lang=&lang=ar')).toBe('ar');
});
