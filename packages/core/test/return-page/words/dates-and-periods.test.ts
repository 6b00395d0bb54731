import { describe, expect, test } from 'vitest';
import { SHIPPED_LOCALES } from '../../../src/return-page/words/catalogues.js';
import { languageOf } from './support/language-of.js';

const TIME = '2026-11-28T15:49:00.123456+01:00';

describe.each(SHIPPED_LOCALES)('in %s', (locale) => {
  test('a date is shown in UTC and says so, whatever offset it came with', async () => {
    const language = await languageOf(locale);
    expect(language.dateTime(TIME)).toMatch(/2026.*\b(?:14|2):49.*UTC/);
    expect(language.day('2026-11-28T23:30:00-05:00')).toMatch(/29/);
  });

  test.each([
    '0001-01-01T00:00:00Z',
    '',
    'soon',
    '1',
    '2026-13-01T00:00:00Z',
    '2026-11-28T99:00:00Z',
    `2026-11-28T15:49:00Z${'0'.repeat(100)}`,
  ])('%s is no date', async (time) => {
    const language = await languageOf(locale);
    expect([language.dateTime(time), language.day(time)]).toEqual([undefined, undefined]);
  });

  test('a period of one does not say "every 1 months", and one of several says how many', async () => {
    const { every } = await languageOf(locale);
    for (const unit of ['seconds', 'minutes', 'hours', 'days', 'weeks', 'months', 'years']) {
      expect(every({ value: 1, unit })).not.toMatch(/\d/);
      for (const value of [3, 11, 21, 100]) expect(every({ value, unit })).toContain(String(value));
      expect(every({ value: 3, unit })).not.toBe(every({ value: 3, unit: 'fortnights' }));
    }
  });

  test('what is no period has no words', async () => {
    const { every, duration } = await languageOf(locale);
    const none = [
      { value: 0, unit: 'months' },
      { value: -1, unit: 'months' },
      { value: 1.5, unit: 'months' },
      { value: Number.NaN, unit: 'months' },
      { value: 1e300, unit: 'months' },
      { value: null, unit: 'months' },
      { value: 1, unit: null },
      { value: 1, unit: 'constructor' },
      { unit: 'months' },
      {},
    ];
    for (const period of none)
      expect([every(period), duration(period)]).toEqual([undefined, undefined]);
  });
});

test.each([
  [2_592_000, 'every month'],
  [7_776_000, 'every 3 months'],
  [604_800, 'every week'],
  [86_400, 'every day'],
  [1_209_600, 'every 2 weeks'],
  [5_400, 'every 90 minutes'],
  [3_600, 'every hour'],
  [31_536_000, 'every 365 days'],
  [45, 'every 45 seconds'],
])('%s seconds, as v1 counts, are %s', async (value, words) => {
  expect((await languageOf('en')).every({ value, unit: 'seconds' })).toBe(words);
});

test.each([
  ['de', 'alle 3 Monate'],
  ['fr', 'tous les 3\u00a0mois'],
  ['pl', 'co 3 miesiące'],
  ['ar', 'كل 3 أشهر'],
  ['tr', '3 ayda bir'],
  ['ja', '3か月ごと'],
])('a quarter in %s is %s', async (locale, words) => {
  expect((await languageOf(locale)).every({ value: 3, unit: 'months' })).toBe(words);
});

test('Polish and Arabic decline by the number', async () => {
  const [polish, arabic] = [await languageOf('pl'), await languageOf('ar')];
  const months = [1, 2, 5, 12, 22, 25].map((value) => polish.every({ value, unit: 'months' }));
  expect(months.join(', ')).toBe(
    'co miesiąc, co 2 miesiące, co 5 miesięcy, co 12 miesięcy, co 22 miesiące, co 25 miesięcy',
  );
  const days = [1, 2, 3, 11, 100, 103].map((value) => arabic.every({ value, unit: 'days' }));
  expect(days.join('، ')).toBe('كل يوم، كل يومين، كل 3 أيام، كل 11 يومًا، كل 100 يوم، كل 103 أيام');
});

test('a length of time is as the language writes them', async () => {
  const [english, german] = [await languageOf('en'), await languageOf('de')];
  expect(english.duration({ value: 14, unit: 'days' })).toBe('14 days');
  expect(english.duration({ value: 1_209_600, unit: 'seconds' })).toBe('2 weeks');
  expect(german.duration({ value: 1, unit: 'months' })).toBe('1 Monat');
});
