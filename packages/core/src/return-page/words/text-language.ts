import type { ShippedLocale } from './catalogues.js';

/** Letters that one of our languages alone is written with. Han comes after kana: Japanese has both. */
const SCRIPTS: readonly (readonly [ShippedLocale, RegExp])[] = [
  ['ja', /[\p{Script=Hiragana}\p{Script=Katakana}]/u],
  ['ko', /\p{Script=Hangul}/u],
  ['zh', /\p{Script=Han}/u],
  ['hi', /\p{Script=Devanagari}/u],
  ['ar', /\p{Script=Arabic}/u],
];

/** Letters of other languages in the same script: Persian and Urdu. */
const NOT_OURS = /[\u0679\u067e\u0686\u0688\u0691\u0698\u06a9\u06af\u06ba\u06cc\u06d2]/u;

/** Small words that few sentences on such a page do without. */
const SMALL_WORDS: readonly (readonly [ShippedLocale, string])[] = [
  ['en', 'the your you we have has this is it to for of and not please thank can payment'],
  ['de', 'der die das ihre ihrer wir sie ist haben auf und nicht bitte danke vielen zahlung wurde'],
  ['fr', 'le les votre vous nous est une avez des du pas veuillez merci paiement dans et'],
  ['es', 'el su usted los hemos una está del por gracias pago favor ha y se con'],
  ['pt', 'o seu sua você não uma está foi obrigado pagamento por em da e pedido'],
  ['it', 'il la suo grazie di è una per pagamento non stato che del ordine e'],
  ['nl', 'het uw een wij we u is niet van voor bedankt betaling hebt alstublieft en'],
  ['pl', 'na nie jest się dziękujemy płatność prosimy twoja już w została proszę i zamówienie'],
  ['tr', 'ödemeniz için bir ve lütfen teşekkür ederiz ödeme siparişiniz bekleniyor alındı bu'],
];

/** What decides: fewer are a name, a greeting or chance. */
const FEWEST_WORDS = 2;

/**
 * The language that a merchant's own `texts` are in, as far as a few sentences tell and where it comes with the kit: the
 * words around them should be in the same. `undefined` when in doubt.
 */
export function languageOfText(text: string): ShippedLocale | undefined {
  const [byScript] = SCRIPTS.find(([, letters]) => letters.test(text)) ?? [];
  if (byScript !== undefined) return NOT_OURS.test(text) ? undefined : byScript;
  const said = new Set(text.toLowerCase().match(/\p{L}+/gu));
  const scores = SMALL_WORDS.map(([locale, words]) => ({
    locale,
    score: words.split(' ').filter((word) => said.has(word)).length,
  })).toSorted((one, other) => other.score - one.score);
  const [best, next] = scores;
  if (best === undefined || next === undefined) return undefined;
  return best.score >= FEWEST_WORDS && best.score > next.score ? best.locale : undefined;
}
