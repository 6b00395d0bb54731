import { describe, expect, test } from 'vitest';
import {
  loadWords,
  SHIPPED_LOCALES,
  type ShippedLocale,
} from '../../../src/return-page/words/catalogues.js';
import type { Catalogue } from '../../../src/return-page/words/catalogue.js';

const SAME_AS_ENGLISH: Partial<Record<ShippedLocale, readonly string[]>> = {
  fr: ['date', 'transaction'],
};
/** Patterns of slots and signs: there is nothing in them to translate. */
const PATTERNS = ['pageTitle', 'dateInUtc', 'priceEvery'];

/** Letters that a language's words are written with, beside Latin ones in `ID`, `UTC` and slots. */
const SCRIPTS: Partial<Record<ShippedLocale, RegExp>> = {
  ar: /\p{Script=Arabic}/u,
  hi: /\p{Script=Devanagari}/u,
  zh: /\p{Script=Han}/u,
  ja: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u,
  ko: /\p{Script=Hangul}/u,
};

const english = await loadWords('en');
const all = await Promise.all(
  SHIPPED_LOCALES.map(async (locale) => [locale, await loadWords(locale)] as const),
);

/** A text by where it stands: `paidTitle`, or `everyDays.few` of a counted word. */
type Place = readonly [name: string, text: string];

function textsOf(words: Catalogue): readonly Place[] {
  return Object.entries(words).flatMap(([name, word]: [string, string | object]) =>
    typeof word === 'string'
      ? [[name, word] as const]
      : Object.entries(word).map(([form, text]) => [`${name}.${form}`, String(text)] as const),
  );
}

function slotsOf(text: string): string {
  return (text.match(/\{\w+\}/g) ?? []).toSorted().join();
}

const inEnglish = new Map(textsOf(english));

test('fourteen languages come with the kit, English first', () => {
  expect(SHIPPED_LOCALES.join(' ')).toBe('en de fr es pt it nl pl tr ar hi zh ja ko');
});

describe.each(all)('the words of %s', (locale, words) => {
  const texts = textsOf(words);
  const oneTextEach = texts.filter(([name]) => !name.includes('.'));
  const forms = texts.filter(([name]) => name.includes('.'));

  test('are those of English, no more and no fewer', () => {
    expect(Object.keys(words).toSorted()).toEqual(Object.keys(english).toSorted());
  });

  test('have the slots of the English ones', () => {
    const others = oneTextEach.filter(
      ([name, text]) => slotsOf(text) !== slotsOf(inEnglish.get(name) ?? ''),
    );
    expect(others).toEqual([]);
  });

  test('say the number in every plural form but that of one and two', () => {
    const silent = forms.filter(([, text]) => slotsOf(text) !== '{count}');
    expect(silent.filter(([name]) => !/\.(?:1|two)$/.test(name))).toEqual([]);
    expect(forms.filter(([name, text]) => name.endsWith('.1') && /\d|\{/.test(text))).toEqual([]);
  });

  test('have a form for each number of periods', () => {
    const plurals = new Intl.PluralRules(locale);
    const counts = Array.from({ length: 199 }, (_, index) => plurals.select(index + 2));
    const needed = new Set(['1', 'other', ...counts]);
    const counted = Object.entries(words).filter(([, word]) => typeof word === 'object');
    const missing = counted.flatMap(([name, word]: [string, object]) =>
      [...needed].filter((form) => !(form in word)).map((form) => `${name}.${form}`),
    );
    expect(counted.length).toBe(7);
    expect(missing).toEqual([]);
  });

  test('are texts: no HTML, no stray spaces, no typewriter punctuation', () => {
    const odd = texts.filter(
      ([, text]) => /^\s|\s$| {2}|[<>&"'`]|\.\.\.|^$/.test(text) || text.normalize('NFC') !== text,
    );
    expect(odd).toEqual([]);
  });

  test.runIf(locale !== 'en')('are translated', () => {
    const untranslated = texts
      .filter(([name, text]) => inEnglish.get(name) === text && !PATTERNS.includes(name))
      .map(([name]) => name);
    expect(untranslated).toEqual(SAME_AS_ENGLISH[locale] ?? []);
  });

  test.runIf(SCRIPTS[locale])('are written in its script throughout', () => {
    const script = SCRIPTS[locale] ?? /^/;
    const foreign = texts
      .map(([name, text]): Place => [name, text.replaceAll(/\{\w+\}|UTC|ID/g, '')])
      .filter(([, own]) => /\p{L}/u.test(own))
      .filter(([, own]) => !script.test(own) || /\p{Script=Latin}/u.test(own));
    expect(foreign).toEqual([]);
  });

  test('end sentences, and only those, as the language does', () => {
    const end = { hi: /।$/, zh: /。$/, ja: /。$/ }[locale as string] ?? /\.$/;
    const odd = texts.filter(([name, text]) => end.test(text) !== name.endsWith('Line'));
    expect(odd).toEqual([]);
  });
});

test('French does not let a line begin with a colon or a semicolon', async () => {
  const texts = textsOf(await loadWords('fr'));
  expect(texts.filter(([, text]) => /[^\u00a0]:|[^\u202f][;!?]/.test(text))).toEqual([]);
});

test.each(['zh', 'ja'] as const)('%s has wide punctuation', async (locale) => {
  const texts = textsOf(await loadWords(locale));
  expect(texts.filter(([, text]) => /[,:;!?()]/.test(text))).toEqual([]);
});

test.each(all)('a failed attempt in %s gives no leave to close the page', (_, words) => {
  const said = [words.attemptFailedTitle, words.attemptFailedLine, words.tellsLine].join(' ');
  expect(said).not.toContain(words.closeLine);
  expect(said).not.toMatch(/close|schließ|fermer|cerrar|fechar|chiudere|sluiten|zamkn|kapat/i);
});
