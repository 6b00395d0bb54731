const UNSTORABLE = /\0|\p{Surrogate}/u;
const ALL_UNSTORABLE = /\0|\p{Surrogate}/gu;

/** PostgreSQL takes neither NUL nor half a surrogate pair in a text: both become U+FFFD. */
export function storableText(text: string): string {
  return UNSTORABLE.test(text) ? text.replace(ALL_UNSTORABLE, '\uFFFD') : text;
}

/** A list of names as JSON that `jsonb` takes. */
export const storableNames = (names: readonly string[]): string =>
  JSON.stringify(names.map(storableText));

/** Headers as JSON that `jsonb` takes. */
export function storableHeaders(headers: Readonly<Record<string, string>>): string {
  const entries = Object.entries(headers).map((entry) => entry.map(storableText));
  return JSON.stringify(Object.fromEntries(entries));
}
