import { expect, test } from 'vitest';
import { isolate } from '../../../src/return-page/words/bidi.js';
import { languageOf } from './support/language-of.js';

test('Arabic runs from right to left, and so do other languages of such a script', async () => {
  expect((await languageOf('ar-EG')).dir).toBe('rtl');
  expect((await languageOf('en')).dir).toBe('ltr');
  const tags = ['he', 'fa', 'ur-PK', 'ckb', 'pa-Arab', 'pa', 'sv', 'az-Cyrl'];
  const languages = tags.map(async (locale) => languageOf(locale, [{ locale, extends: 'en' }]));
  const directions = (await Promise.all(languages)).map(({ dir }) => dir);
  expect(directions).toEqual(['rtl', 'rtl', 'rtl', 'rtl', 'rtl', 'ltr', 'ltr', 'ltr']);
});

test('a merchant may say otherwise', async () => {
  const own = { locale: 'en-XA', extends: 'en', dir: 'rtl' } as const;
  expect((await languageOf('en-XA', [own])).dir).toBe('rtl');
});

test('a name that runs as its sentence does stands in it as it is', async () => {
  expect((await languageOf('en')).say('backToShop', { shop: 'Rose & Crown 🌹' })).toBe(
    'Back to Rose & Crown 🌹',
  );
});

test('a name that may run the other way is set apart', async () => {
  expect((await languageOf('en')).say('backToShop', { shop: 'תה ירוק' })).toBe(
    'Back to \u2068תה ירוק\u2069',
  );
  expect((await languageOf('ar')).say('backToShop', { shop: 'Tea 2' })).toBe(
    'العودة إلى \u2068Tea 2\u2069',
  );
});

test('a name in the letters of its sentence stands in it as it is, unless it has digits or signs', async () => {
  const { say } = await languageOf('ar');
  expect(say('backToShop', { shop: 'متجر الشاي' })).toBe('العودة إلى متجر الشاي');
  for (const shop of ['متجر 24', 'متجر!', 'متجر ٢٤', '24', '🌹'])
    expect(say('backToShop', { shop })).toBe(`العودة إلى \u2068${shop}\u2069`);
});

test.each(['Tea \u202e', '\u2069\u2069evil', '\u2068open', '\u202dTea\u202c', '\u2067\u2066'])(
  'a name cannot leave its place: %j',
  (name) => {
    for (const direction of ['ltr', 'rtl'] as const) {
      const inner = isolate(name, direction).replaceAll(/^\u2068|\u2069$/g, '');
      expect(inner).not.toMatch(/[\u202a-\u202e\u2066-\u2069]/);
    }
  },
);

test('a value that looks like a slot or a pattern is a value', async () => {
  const language = await languageOf('en');
  expect(language.say('backToShop', { shop: '{shop} $& $1 {{UUID}} {title}' })).toBe(
    'Back to {shop} $& $1 {{UUID}} {title}',
  );
  expect(language.say('pageTitle', { title: '{shop}', shop: '{title}' })).toBe('{shop} – {title}');
  expect(language.say('paidTitle')).toBe('Payment received');
});

test('sentences are one paragraph, with a space between them where the language has one', async () => {
  const [english, japanese, chinese] = await Promise.all(
    ['en', 'ja', 'zh'].map(async (locale) => languageOf(locale)),
  );
  const both = ['checksAgainLine', 'closeLine'] as const;
  expect(english?.paragraph(both.map((name) => english.say(name)))).toMatch(/\w\. \w/);
  expect(japanese?.paragraph(both.map((name) => japanese.say(name)))).not.toMatch(/\s/);
  expect(chinese?.paragraph(both.map((name) => chinese.say(name)))).not.toMatch(/\s/);
});
