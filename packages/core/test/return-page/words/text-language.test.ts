import { expect, test } from 'vitest';
import { loadWords, SHIPPED_LOCALES } from '../../../src/return-page/words/catalogues.js';
import { languageOfText } from '../../../src/return-page/words/text-language.js';

test.each(SHIPPED_LOCALES)('a page of our own words is seen to be in %s', async (locale) => {
  const words = await loadWords(locale);
  const states = [
    [words.paidTitle, words.paidLine],
    [words.waitingTitle, words.waitingLine, words.closeLine],
    [words.failedTitle, words.failedLine],
    [words.expiredTitle, words.expiredLine],
    [words.unknownTitle, words.unknownLine],
  ];
  for (const texts of states)
    expect([texts, languageOfText(texts.join('\n'))]).toEqual([texts, locale]);
});

test.each([
  ['Wir warten auf Ihre Zahlung. Bitte haben Sie etwas Geduld.', 'de'],
  ['في انتظار الدفع', 'ar'],
  ['Merci pour votre commande', 'fr'],
  ['Thank you for your order', 'en'],
])('%s is %s', (text, locale) => {
  expect(languageOfText(text)).toBe(locale);
});

test.each([
  '',
  'Danke!',
  'OK',
  'Tack för din beställning',
  '✅',
  'پرداخت انجام شد',
  'Спасибо за заказ',
])('%s leaves it open', (text) => {
  expect(languageOfText(text)).toBeUndefined();
});
