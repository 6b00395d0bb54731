import type { Catalogue } from './catalogue.js';

/** Each language is a file of its own, read when the first customer asks for it. */
const LOADERS = {
  en: async () => (await import('./languages/en.js')).words,
  de: async () => (await import('./languages/de.js')).words,
  fr: async () => (await import('./languages/fr.js')).words,
  es: async () => (await import('./languages/es.js')).words,
  pt: async () => (await import('./languages/pt.js')).words,
  it: async () => (await import('./languages/it.js')).words,
  nl: async () => (await import('./languages/nl.js')).words,
  pl: async () => (await import('./languages/pl.js')).words,
  tr: async () => (await import('./languages/tr.js')).words,
  ar: async () => (await import('./languages/ar.js')).words,
  hi: async () => (await import('./languages/hi.js')).words,
  zh: async () => (await import('./languages/zh.js')).words,
  ja: async () => (await import('./languages/ja.js')).words,
  ko: async () => (await import('./languages/ko.js')).words,
} as const satisfies Readonly<Record<string, () => Promise<Catalogue>>>;

/** The tag of a language that comes with the kit. */
export type ShippedLocale = keyof typeof LOADERS;

/** All languages that come with the kit, English first. */
export const SHIPPED_LOCALES: readonly ShippedLocale[] = Object.freeze(
  Object.keys(LOADERS).filter(isShipped),
);

/** Whether a language comes with the kit. */
export function isShipped(locale: unknown): locale is ShippedLocale {
  return typeof locale === 'string' && Object.hasOwn(LOADERS, locale);
}

/** The words of a language. Rejects where a bundler has left its file behind. */
export async function loadWords(locale: ShippedLocale): Promise<Catalogue> {
  return LOADERS[locale]();
}
