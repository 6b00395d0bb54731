/** Characters that turn the text after them, until another one ends it. A name that ends without would turn the page. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

const RTL_SCRIPTS = ['Adlm', 'Arab', 'Hebr', 'Mand', 'Nkoo', 'Rohg', 'Samr', 'Syrc', 'Thaa'];
const RTL_LETTER =
  /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/** Whatever is no such letter, nor a mark or a space between two: digits and signs go their own way. */
const NOT_ONLY_RTL =
  /[^\u0590-\u065f\u066e-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff} ]/u;

/** Which way a language runs. */
export type Direction = 'ltr' | 'rtl';

/** Which way a language is written, by the script that is usual for it; `tag` is a valid language tag. */
export function directionOf(tag: string): Direction {
  const { script = '' } = new Intl.Locale(tag).maximize();
  return RTL_SCRIPTS.includes(script) ? 'rtl' : 'ltr';
}

/**
 * A value for a sentence that runs in `direction`: where the two may differ it is set apart (U+2068 … U+2069), so that
 * neither moves the other's words, digits or signs.
 */
export function isolate(value: string, direction: Direction): string {
  const plain = withoutTurns(value);
  const foreign = direction === 'rtl' ? NOT_ONLY_RTL : RTL_LETTER;
  return foreign.test(plain) ? `\u2068${plain}\u2069` : plain;
}

/** A value without characters that would turn what is around it. */
export function withoutTurns(value: string): string {
  return value.replace(TURNS, '');
}

/**
 * An amount without the marks by which Arabic turns it: `US$` would be shown as `$US`, and digits in another order than
 * an amount of a coin beside it.
 */
export function withoutMarks(amount: string): string {
  return amount.replace(/[\u061c\u200e\u200f]/g, '');
}
