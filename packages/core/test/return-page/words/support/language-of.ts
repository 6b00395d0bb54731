import type { Language } from '../../../../src/return-page/words/language.js';
import { createLanguages } from '../../../../src/return-page/words/languages.js';
import type { LocaleOption } from '../../../../src/return-page/words/locales.js';
import { silentDiagnostics } from './silent.js';

/** The language that a page is shown in which is asked for in `locale`; `locales` is the merchant's option. */
export async function languageOf(
  locale: string,
  locales?: readonly LocaleOption[],
): Promise<Language> {
  const headers = { 'accept-language': locale };
  const request = { method: 'GET', url: '/success', headers };
  return createLanguages('the success page', locales).of(request, silentDiagnostics());
}
