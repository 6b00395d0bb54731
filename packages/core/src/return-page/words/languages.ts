import { ASKING_LINES } from '../../asking-lines.js';
import { asError } from '../../errors.js';
import type { Diagnostics } from '../../diagnostics.js';
import type { HttpRequest } from '../../http/http.js';
import { loadWords } from './catalogues.js';
import { chooseLocale } from './choice.js';
import { createLanguage, type Language } from './language.js';
import { words as english } from './languages/en.js';
import { resolveLocales, type LocaleOption, type ResolvedLocale } from './locales.js';

/** The languages that pages are offered in. */
export interface Languages {
  /** Their tags, the default first. */
  readonly locales: readonly string[];
  /** The default, where no request is at hand. */
  readonly first: () => Promise<Language>;
  /**
   * The one that a request asks for by `?lang=` or `Accept-Language`, else the default; answers that depend on it `vary`
   * by `accept-language`. Never rejects: a language that cannot be loaded is English, and a log line.
   */
  readonly of: (request: HttpRequest, diagnostics: Diagnostics) => Promise<Language>;
}

/** Languages by the option `locales` of `call`, all that come with the kit by default. Throws `misconfigured`. */
export function createLanguages(call: string, locales?: readonly LocaleOption[]): Languages {
  const offered = resolveLocales(call, locales);
  const tags = offered.map(({ locale }) => locale);
  const loaded = new Map<string, Promise<Language>>();

  function load(tag: string): Promise<Language> {
    const known = loaded.get(tag);
    if (known !== undefined) return known;
    const made = makeLanguage(offered.find(({ locale }) => locale === tag));
    loaded.set(tag, made);
    // What could not be read once is read again.
    made.catch(() => loaded.delete(tag));
    return made;
  }

  return {
    locales: tags,
    first: () => load(tags[0] ?? 'en'),
    async of(request, diagnostics) {
      const locale = chooseLocale(tags, request);
      try {
        return await load(locale);
      } catch (thrown) {
        diagnostics.say(ASKING_LINES, 'language_not_loaded', { locale, err: asError(thrown) });
        return createLanguage('en', english);
      }
    },
  };
}

async function makeLanguage(offered?: ResolvedLocale): Promise<Language> {
  const { locale = 'en', base, words, dir } = offered ?? {};
  const basis = base === undefined ? english : await loadWords(base);
  return createLanguage(locale, { ...basis, ...words }, dir);
}
