import { nameOfId } from '../api/transaction-ids.js';

/** A query parameter's name and value, decoded. */
export type QueryPair = readonly [name: string, value: string];

/** What no reader sees and editors, messengers and word processors leave in a link. */
const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;

/**
 * An id by its shape, with nothing of an id around it; `3D` is what a mail's quoted-printable leaves of `=`. An id of any
 * other shape stands for itself: ids are opaque.
 */
const ID_IN_TEXT =
  /(?<![\w.:@-])(?:3D)?((?:pay|sub)@[\dA-Za-z](?:[\dA-Za-z-]{0,62}[\dA-Za-z])?|[\da-fA-F]{8}(?:-[\da-fA-F]{4}){3}-[\da-fA-F]{12})(?!\.?[\w:@-])/g;

/** Whole links are repeated by routers that append what is there already, but not like this. */
const MOST_REPEATED = 8;
/** How often links are encoded once more on their way. */
const MOST_ENCODED = 2;

/** What no mail client and no person puts into a link. */
const CONTROL = /(?![\t\n\r\v\f])\p{Cc}/u;

/** The one id that a value holds, whatever else has got into it (`…?utm=1`, a dot, quotes); else the value as it is. */
function idIn(value: string): string {
  if (CONTROL.test(value)) return value;
  const found = value.replace(INVISIBLE, '').matchAll(ID_IN_TEXT);
  const [id, other] = new Set([...found].map((match) => match[1] ?? ''));
  return id === undefined || other !== undefined ? value : id;
}

/** The one id that all values mean, in its fullest spelling; `undefined` when they mean several. */
export function oneIdOf(values: readonly string[]): string | undefined {
  const ids = values.map(idIn);
  const fullest = ids.find((id) => id.includes('@')) ?? ids[0] ?? '';
  const areOne = ids.length <= MOST_REPEATED && ids.every((id) => isSameId(fullest, id));
  return areOne ? fullest : undefined;
}

function isSameId(one: string, other: string): boolean {
  const [a, b] = [nameOfId(one), nameOfId(other)];
  return a === b || a.endsWith(`@${b}`) || b.endsWith(`@${a}`);
}

/** The one of `words` with which a value begins, in whatever case (`payment?utm=1`, `PAYMENT`); else the value as it is. */
export function wordIn(value: string, words: readonly string[]): string {
  const [, start = ''] = /^[^\p{L}]*(\p{L}+)(?![\p{N}_-])/u.exec(value) ?? [];
  return words.find((word) => word.toLowerCase() === start.toLowerCase()) ?? value;
}

/** A query without what no parameter is called: `amp;…`, of an `&` escaped as HTML, and `?…`, of a second `?`. */
export function tidyQuery(query: string): string {
  return query.replace(/&(?:amp;|#38;|#x26;)+/gi, '&').replace(/(^|&)\?+/g, '$1');
}

/**
 * What a query may have been before it was encoded once more, escaped as HTML then, written in capitals, or had `?` or
 * `;` put between its parameters: one reading for each time it may have been encoded. `names` come as they are spelled
 * here.
 */
export function readLoosely(query: string, names: readonly string[]): readonly QueryPair[][] {
  const texts = [query];
  while (texts.length <= MOST_ENCODED) texts.push(decode(texts.at(-1) ?? ''));
  return [...new Set(texts)].map((text) =>
    tidyQuery(text)
      .split(/[&;?]/)
      .map((part) => readPair(part, names))
      .filter((pair) => pair !== undefined),
  );
}

function readPair(part: string, names: readonly string[]): QueryPair | undefined {
  const [before = ''] = part.split('=', 1);
  const sent = decode(before).replace(INVISIBLE, '').trim();
  const name = names.find((known) => known.toLowerCase() === sent.toLowerCase());
  if (name === undefined) return undefined;
  const value = decode(part.slice(before.length + 1));
  // Nothing but the whole link in capitals writes a name so.
  const isShouted = name !== sent && sent === sent.toUpperCase() && value === value.toUpperCase();
  return [name, isShouted ? value.toLowerCase() : value];
}

/** As `URLSearchParams` decodes: what is no encoding is left alone. */
function decode(text: string): string {
  return new URLSearchParams(`_=${text.replaceAll('&', '%26')}`).get('_') ?? '';
}
