/** As much of a shop's answer as is kept, in characters. */
const KEPT_CHARACTERS = 500;
/** As many bytes as these characters can have in UTF-8, and some for white space that is folded. */
export const KEPT_BYTES = 8 * KEPT_CHARACTERS;

/** What ends or rewrites a terminal's line, or turns the text around it: controls, format characters, line separators. */
const HARMFUL = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;

/** The first 500 characters of text that others wrote, on one line and fit for a terminal. */
export function readable(text: string): string {
  const line = text.replaceAll(HARMFUL, ' ').replaceAll(/\s+/g, ' ').trim();
  // By code points: half of a pair is no character.
  const characters = Array.from(line.slice(0, 2 * KEPT_CHARACTERS + 2));
  return characters.length <= KEPT_CHARACTERS
    ? line
    : `${characters.slice(0, KEPT_CHARACTERS - 1).join('')}…`;
}
