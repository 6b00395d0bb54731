import { expect, test } from 'vitest';
import { loadWords } from '../../../src/return-page/words/catalogues.js';
import { createLanguages } from '../../../src/return-page/words/languages.js';
import type { LocaleOption } from '../../../src/return-page/words/locales.js';
import { languageOf } from './support/language-of.js';

test('the first language is the default, and only those that are listed are offered', async () => {
  const locales = ['de', 'fr'] as const;
  expect((await languageOf('en', locales)).locale).toBe('de');
  expect((await languageOf('fr-CA', locales)).locale).toBe('fr');
  expect((await createLanguages('a test', locales).first()).locale).toBe('de');
});

test('a few words of the merchant change a language that comes with the kit', async () => {
  const casual = { locale: 'de', extends: 'de', words: { paidTitle: 'Alles da!' } } as const;
  const language = await languageOf('de', ['en', casual]);
  expect(language.say('paidTitle')).toBe('Alles da!');
  expect(language.say('receipt')).toBe('Zahlungsbeleg');
});

test('a region writes numbers its own way, in the words of its language', async () => {
  const language = await languageOf('de-CH', [{ locale: 'de-CH', extends: 'de' }, 'de']);
  expect(language.locale).toBe('de-CH');
  expect(language.usd('1234.5')).toMatch(/1[’']234\.50/);
  expect(language.say('paidWith')).toBe('Bezahlt mit');
});

test('a language of the merchant stands by itself when it has every word', async () => {
  const words = { ...(await loadWords('en')), paidTitle: 'Betalningen har kommit' };
  expect((await languageOf('sv', [{ locale: 'sv', words }])).say('paidTitle')).toBe(
    'Betalningen har kommit',
  );
});

test('a word that is undefined comes from the language that is extended', async () => {
  const own = { locale: 'en', extends: 'en', words: { paidTitle: undefined } } as never;
  expect((await languageOf('en', [own])).say('paidTitle')).toBe('Payment received');
});

test('what the merchant changes in the object afterwards changes no page', async () => {
  const words = {
    paidTitle: 'Danke!',
    everyDays: { 1: 'täglich', other: 'alle {count} Tage' as const },
  };
  const own = { locale: 'de', extends: 'de', words } as const;
  const languages = createLanguages('a test', [own]);
  words.paidTitle = 'changed';
  words.everyDays[1] = 'changed';
  const language = await languages.first();
  expect(language.say('paidTitle')).toBe('Danke!');
  expect(language.every({ value: 1, unit: 'days' })).toBe('täglich');
});

test.each([
  [[], 'at least one language'],
  ['de', 'is a list'],
  [['sv'], "'sv' does not come with the kit"],
  [['de', 'de'], "names 'de' twice"],
  [['de', { locale: 'DE', extends: 'de' }], "names 'de' twice"],
  [[null], 'options are an object'],
  [[{ locale: 'not a tag', extends: 'en' }], 'must be a language tag'],
  [[{ locale: 'de_AT', extends: 'de' }], 'must be a language tag'],
  [[{ extends: 'de' }], 'must be a language tag'],
  [[{ locale: 'sv', extends: 'se' }], 'extends must be one of en, de'],
  [[{ locale: 'sv', extend: 'en' }], 'did you mean extends?'],
  [[{ locale: 'sv', extends: 'en', dir: 'left' }], "dir is 'ltr' or 'rtl'"],
  [[{ locale: 'sv', words: { paidTitle: 'Tack' } }], 'lack paidLine and'],
  [[{ locale: 'sv', extends: 'en', words: 'x' }], 'words is an object'],
  [[{ locale: 'sv', extends: 'en', words: { payedTitle: 'Tack' } }], 'did you mean paidTitle?'],
  [[{ locale: 'sv', extends: 'en', words: { paidTitle: '' } }], 'paidTitle is a text'],
  [[{ locale: 'sv', extends: 'en', words: { paidTitle: 5 } }], 'paidTitle is a text'],
  [
    [{ locale: 'sv', extends: 'en', words: { backToShop: 'Till butiken' } }],
    'backToShop lacks {shop}',
  ],
  [
    [{ locale: 'sv', extends: 'en', words: { paidTitle: 'Tack, {name}' } }],
    'nothing is known for {name}',
  ],
  [[{ locale: 'sv', extends: 'en', words: { everyDays: 'varje dag' } }], 'object of plural forms'],
  [
    [{ locale: 'sv', extends: 'en', words: { everyDays: { 1: 'varje dag' } } }],
    'lacks the plural form other',
  ],
  [
    [{ locale: 'sv', extends: 'en', words: { everyDays: { other: 'dagar' } } }],
    'other lacks {count}',
  ],
  [
    [{ locale: 'sv', extends: 'en', words: { everyDays: { won: 'x', other: '{count}' } } }],
    'did you mean one?',
  ],
  [[{ locale: 'sv', extends: 'en', words: { toString: 'x' } }], "'toString' is no option"],
])('%j is refused when the page is mounted', (locales, message) => {
  expect(() => createLanguages('the success page', locales as readonly LocaleOption[])).toThrow(
    expect.objectContaining({
      code: 'misconfigured',
      message: expect.stringContaining(message) as string,
    }) as Error,
  );
});

test('the error says where in the options the mistake is', () => {
  const locales = ['en', { locale: 'sv', extends: 'en', dir: 'left' }] as never;
  expect(() => createLanguages('the success page', locales)).toThrow(
    /^the success page: locales\[1\]: dir/,
  );
});
