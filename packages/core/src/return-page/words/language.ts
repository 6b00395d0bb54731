import type { Period } from '../../event/data.js';
import { lazily } from '../../lazily.js';
import { directionOf, isolate, withoutMarks, withoutTurns, type Direction } from './bidi.js';
import type { PluralForms, CountedName, SlotsOf, TextName, Catalogue } from './catalogue.js';
import { readDecimal, type Decimal } from './decimal.js';
import { readPeriod, type PeriodUnit } from './period.js';

/** What a text's slots are filled with, by name; nothing for a text without any. */
export type Filling<Name extends TextName> = [SlotsOf<Catalogue[Name]>] extends [never]
  ? []
  : [values: Readonly<Record<SlotsOf<Catalogue[Name]>, string>>];

/** One language of the page: its words, and how it writes numbers and dates. All of it is text, not HTML. */
export interface Language {
  /** The language tag, for `lang`. */
  readonly locale: string;
  readonly dir: Direction;
  /** A text with its slots filled in; values that may run the other way are set apart. */
  readonly say: <Name extends TextName>(name: Name, ...filling: Filling<Name>) => string;
  /** Sentences as one paragraph: Chinese and Japanese put no space between them. */
  readonly paragraph: (sentences: readonly string[]) => string;
  /** US dollars, with every digit that they have and at least the cents; `undefined` for what is no amount. */
  readonly usd: (amount: number | string) => string | undefined;
  /** An amount of a currency by its symbol, `0.05 ETH`, with every digit. */
  readonly coin: (amount: Decimal, symbol: string) => string;
  /** Date and time of an RFC 3339 time, in UTC and saying so; `undefined` for what is none, and for Go's zero time. */
  readonly dateTime: (time: string) => string | undefined;
  /** The date of an RFC 3339 time in UTC. */
  readonly day: (time: string) => string | undefined;
  /** How often, `every 3 months`; `undefined` for a unit that is not known, or no whole number of it. */
  readonly every: (period: Period) => string | undefined;
  /** How long, `14 days`. */
  readonly duration: (period: Period) => string | undefined;
}

/** The language of a catalogue. `locale` is a valid tag; `dir` where it is not what is usual for it. */
export function createLanguage(
  locale: string,
  words: Catalogue,
  dir: Direction = directionOf(locale),
): Language {
  const money = lazily(() => currencyFormat(locale));
  const number = lazily(() => decimalFormat(locale));
  const plurals = lazily(() => new Intl.PluralRules(locale));
  const dates = lazily(
    () => new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }),
  );
  const times = lazily(
    () =>
      new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone: 'UTC' }),
  );

  const say: Language['say'] = (name, ...[values]) =>
    fill(words[name], (slot) => isolate(valueOf(values, slot), dir));

  return {
    locale,
    dir,
    say,
    paragraph: (sentences) => sentences.join(' ').replaceAll(/(?<=[。！？]) /g, ''),
    usd(amount) {
      const read = readDecimal(amount);
      return read && fill(words.usd, () => withoutMarks(money()(cents(read))));
    },
    coin: (amount, symbol) => `${number()(amount)}\u00a0${withoutTurns(symbol)}`,
    dateTime(time) {
      const date = readTime(time);
      return date && fill(words.dateInUtc, () => times().format(date));
    },
    day(time) {
      const date = readTime(time);
      return date && dates().format(date);
    },
    every(period) {
      const read = readPeriod(period);
      if (read === undefined) return undefined;
      const { value, unit } = read;
      const count = number()({ whole: String(value), fraction: '' });
      return fill(formOf(words[EVERY[unit]], value, plurals()), () => count);
    },
    duration(period) {
      const read = readPeriod(period);
      return read && durationFormat(locale, read.unit).format(read.value);
    },
  };
}

const EVERY = {
  second: 'everySeconds',
  minute: 'everyMinutes',
  hour: 'everyHours',
  day: 'everyDays',
  week: 'everyWeeks',
  month: 'everyMonths',
  year: 'everyYears',
} as const satisfies Readonly<Record<PeriodUnit, CountedName>>;

function formOf(forms: PluralForms, value: number, plurals: Intl.PluralRules): string {
  const exact = value === 1 ? forms[1] : undefined;
  return exact ?? forms[plurals.select(value)] ?? forms.other;
}

function fill(text: string, valueFor: (slot: string) => string): string {
  return text.replaceAll(/\{(\w+)\}/g, (_, slot: string) => valueFor(slot));
}

function valueOf(values: Readonly<Record<string, string>> | undefined, slot: string): string {
  return values?.[slot] ?? '';
}

/** At least the cents, and no zeros after them. */
function cents({ whole, fraction }: Decimal): Decimal {
  return { whole, fraction: fraction.replace(/0+$/, '').padEnd(2, '0') };
}

/**
 * Formats a decimal with every digit: `Intl` rounds to twenty on Node 20, so it is asked for the layout with one digit
 * behind the point, and for the digits one by one.
 */
function exactly(format: Intl.NumberFormat, digit: Intl.NumberFormat) {
  return ({ whole, fraction }: Decimal): string => {
    const digits = fraction.replaceAll(/\d/g, (one) => digit.format(Number(one)));
    return format
      .formatToParts(BigInt(whole))
      .filter(({ type }) => fraction !== '' || (type !== 'decimal' && type !== 'fraction'))
      .map(({ type, value }) => (type === 'fraction' ? digits : value))
      .join('');
  };
}

function currencyFormat(locale: string) {
  const style = { style: 'currency', currency: 'USD' } as const;
  return exactly(
    new Intl.NumberFormat(locale, { ...style, minimumFractionDigits: 1 }),
    new Intl.NumberFormat(locale),
  );
}

function decimalFormat(locale: string) {
  return exactly(
    new Intl.NumberFormat(locale, { minimumFractionDigits: 1 }),
    new Intl.NumberFormat(locale),
  );
}

function durationFormat(locale: string, unit: PeriodUnit): Intl.NumberFormat {
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' });
}

/** Servers in Go write a time that was never set as the first day of the year 1. */
function readTime(time: string): Date | undefined {
  const date = new Date(/^\d{4}-\d\d-\d\dT/.test(time) ? time : NaN);
  return date.getTime() > 0 ? date : undefined;
}
