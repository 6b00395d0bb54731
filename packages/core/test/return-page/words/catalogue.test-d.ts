import { expectTypeOf, test } from 'vitest';
import type { Catalogue, With } from '../../../src/return-page/words/catalogue.js';
import type { Language } from '../../../src/return-page/words/language.js';
import type { LocaleOption } from '../../../src/return-page/words/locales.js';

declare const language: Language;
declare const words: Catalogue;
declare const allButOne: Omit<Catalogue, 'paidTitle'>;

test('a language of the merchant has every word, or extends one that comes with the kit', () => {
  expectTypeOf({ locale: 'sv', words }).toExtend<LocaleOption>();
  expectTypeOf('de' as const).toExtend<LocaleOption>();
  // @ts-expect-error -- a word is missing
  expectTypeOf({ locale: 'sv', words: allButOne }).toExtend<LocaleOption>();
  // @ts-expect-error -- it does not come with the kit
  expectTypeOf('sv' as const).toExtend<LocaleOption>();
  const extending: LocaleOption = { locale: 'sv', extends: 'en', words: { paidTitle: 'Tack' } };
  expectTypeOf(extending).toExtend<LocaleOption>();
});

test('words that do not exist, and sentences without their slots, do not compile', () => {
  const misspelt: LocaleOption = {
    locale: 'sv',
    extends: 'en',
    // @ts-expect-error -- no such word
    words: { payedTitle: 'Tack' },
  };
  const slotless: LocaleOption = {
    locale: 'sv',
    extends: 'en',
    // @ts-expect-error -- {shop} is missing
    words: { backToShop: 'Till butiken' },
  };
  const formless: LocaleOption = {
    locale: 'sv',
    extends: 'en',
    // @ts-expect-error -- other is missing
    words: { everyDays: { one: 'varje dag' } },
  };
  expectTypeOf([misspelt, slotless, formless]).toBeArray();
  expectTypeOf<'{title} – {shop}'>().toExtend<With<'shop' | 'title'>>();
  expectTypeOf<'{shop}: {title}'>().toExtend<With<'shop' | 'title'>>();
  expectTypeOf<'{title}'>().not.toExtend<With<'shop' | 'title'>>();
});

test('a text is said with its slots, and with no others', () => {
  expectTypeOf(language.say('paidTitle')).toBeString();
  expectTypeOf(language.say('backToShop', { shop: 'Rose' })).toBeString();
  // @ts-expect-error -- the shop is missing
  language.say('backToShop');
  // @ts-expect-error -- another slot
  language.say('backToShop', { name: 'Rose' });
  // @ts-expect-error -- it has none
  language.say('paidTitle', { shop: 'Rose' });
  // @ts-expect-error -- counted words are said by `every`
  language.say('everyDays');
});
