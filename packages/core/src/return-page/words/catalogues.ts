import type { Words } from './catalogue.js';
import { words as english } from './languages/en.js';

/** Each language but English is a file of its own, read when the first customer asks for it. */
const LOADERS = {
  en: () => english,
} as const satisfies Readonly<Record<string, () => Words | Promise<Words>>>;

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
export async function loadWords(locale: ShippedLocale): Promise<Words> {
  return LOADERS[locale]();
}
