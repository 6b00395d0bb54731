import { assertKnownOptions, misconfigured } from '../../known-options.js';
import type { Direction } from './bidi.js';
import type { Catalogue } from './catalogue.js';
import { isShipped, SHIPPED_LOCALES, type ShippedLocale } from './catalogues.js';
import { assertWords, missingWords, withoutGaps } from './own-words.js';

/** A language of the merchant's own, with every word of it. */
export interface OwnCatalogue {
  /** Its language tag (BCP 47), e.g. `sv` or `pt-PT`; it also decides how numbers and dates are written. */
  readonly locale: string;
  /** Which way it runs; default what is usual for it. */
  readonly dir?: Direction | undefined;
  readonly extends?: undefined;
  readonly words: Catalogue;
}

/** A language that comes with the kit, with some words of the merchant's own, or for another region. */
export interface ExtendingCatalogue {
  /** Its language tag (BCP 47), e.g. `de-AT`, or the one it extends. */
  readonly locale: string;
  readonly dir?: Direction | undefined;
  /** Where the other words come from. */
  readonly extends: ShippedLocale;
  readonly words?: Partial<Catalogue> | undefined;
}

/** A language that pages are offered in: one that comes with the kit, by its tag, or the merchant's own. */
export type LocaleOption = ShippedLocale | OwnCatalogue | ExtendingCatalogue;

/** A language that is offered, checked and copied. */
export interface ResolvedLocale {
  readonly locale: string;
  readonly dir?: Direction | undefined;
  /** Where words come from that are not among `words`. */
  readonly base?: ShippedLocale | undefined;
  readonly words: Partial<Catalogue>;
}

/**
 * Checks the option `locales` of `call` and copies it; by default every language that comes with the kit. Throws
 * `misconfigured` for a tag that is none, one that is offered twice, and words that are missing, not known or lack a slot.
 */
export function resolveLocales(
  call: string,
  locales: readonly LocaleOption[] = SHIPPED_LOCALES,
): readonly ResolvedLocale[] {
  if (!Array.isArray(locales) || locales.length === 0)
    throw misconfigured(`${call}: locales is a list with at least one language, e.g. ['en', 'de']`);
  const resolved = locales.map((option: unknown, index) =>
    resolveOne(`${call}: locales[${index}]`, option),
  );
  const tags = resolved.map(({ locale }) => locale.toLowerCase());
  const twice = tags.find((tag, index) => tags.indexOf(tag) !== index);
  if (twice !== undefined) throw misconfigured(`${call}: locales names '${twice}' twice`);
  return resolved;
}

function resolveOne(where: string, option: unknown): ResolvedLocale {
  if (isShipped(option)) return { locale: option, base: option, words: {} };
  if (typeof option === 'string') throw misconfigured(`${where}: ${explainLocale(option)}`);
  assertKnownOptions(where, option, ['locale', 'dir', 'extends', 'words']);
  const given = new Map<string, unknown>(Object.entries(Object(option)));
  const [base, dir] = [given.get('extends'), given.get('dir')];
  const locale = tagOf(where, given.get('locale'));
  if (base !== undefined && !isShipped(base))
    throw misconfigured(`${where}: extends must be one of ${SHIPPED_LOCALES.join(', ')}`);
  if (dir !== undefined && dir !== 'ltr' && dir !== 'rtl')
    throw misconfigured(`${where}: dir is 'ltr' or 'rtl'`);
  const words = given.get('words') ?? {};
  assertWords(`${where}: words`, words);
  const missing = base === undefined ? missingWords(words) : [];
  if (missing.length > 0) throw misconfigured(`${where}: ${explainMissing(locale, missing)}`);
  return { locale, dir, base, words: withoutGaps(words) };
}

function tagOf(where: string, locale: unknown): string {
  try {
    const [tag] = typeof locale === 'string' ? Intl.getCanonicalLocales(locale) : [];
    if (tag !== undefined) return tag;
  } catch {
    // Said below.
  }
  throw misconfigured(`${where}: locale must be a language tag such as 'sv' or 'de-AT'`);
}

function explainLocale(option: string): string {
  return `'${option}' does not come with the kit, only ${SHIPPED_LOCALES.join(', ')} do: give words of your own, { locale: '${option}', extends: 'en', words: { … } }`;
}

function explainMissing(locale: string, missing: readonly string[]): string {
  const [first = ''] = missing;
  const others = missing.length > 1 ? ` and ${missing.length - 1} more` : '';
  return `words of ${locale} lack ${first}${others}; with extends: 'en' they are English`;
}
