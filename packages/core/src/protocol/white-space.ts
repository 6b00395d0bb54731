/** What Unicode calls White_Space: U+0085 too, unlike `trim()`, and not U+FEFF. */
const WHITE_SPACE = /^\p{White_Space}$/u;

/** `text` without the white space around it. A loop, because an expression would take quadratic time on long runs. */
export function trimWhiteSpace(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && WHITE_SPACE.test(text.charAt(start))) start += 1;
  while (end > start && WHITE_SPACE.test(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}
