import { nameOfId, type TransactionReference, transactionTypeOf } from '../api/transaction-ids.js';

/** Why a return URL names no payment. */
export type QueryProblem = 'missing' | 'repeated' | 'unfilled' | 'malformed';

/** What a return URL's query says. */
export type ReturnQuery =
  | { readonly ok: true; readonly reference: TransactionReference }
  | { readonly ok: false; readonly problem: QueryProblem };

/** A query parameter's name and value, decoded. */
type QueryPair = readonly [name: string, value: string];

const ID = /^[A-Za-z0-9][A-Za-z0-9._:@-]{0,127}$/;
const PLACEHOLDER = /\{\{|%7b%7b/i;

/** What a checkout can create. No other type is taken from a query: it would ask the API another question. */
const CHECKOUT_TYPES: ReadonlySet<string> = new Set([
  'payment',
  'createSubscription',
  'createPAYGSubscription',
]);

/** What stands for them in links, old ones included. */
const TYPE_WORDS = [...CHECKOUT_TYPES, 'subscription', 'payAsYouGo'];

/** The query parameters that carry the id and the type, by preference. */
export interface QueryNames {
  readonly uuid: readonly string[];
  readonly type: readonly string[];
}

/**
 * Reads the id and the type under the given names; of each the first name with a value counts. Links are mended that
 * came back broken and can only mean one thing (`?uuid=…?utm=1`, `&amp;`, a mail client's dot, the same id twice).
 * Rejected are two different values, an unfilled placeholder and anything else that is not an id. A type that
 * no checkout has is left out.
 */
export function validateQuery(url: string, names: QueryNames): ReturnQuery {
  const query = tidyQuery(rawQueryOf(url));
  const asSent = readPairs([...new URLSearchParams(query)], names);
  if (asSent.ok ? asSent.reference.type !== undefined : asSent.problem === 'repeated')
    return asSent;
  const mended = readLoosely(query, [...names.uuid, ...names.type])
    .map((pairs) => readPairs(pairs, names))
    .find((read) => read.ok || read.problem === 'repeated');
  if (mended === undefined || !asSent.ok) return mended ?? asSent;
  // The id could be read as it was sent; its type may still stand behind a semicolon.
  return mended.ok && mended.reference.uuid === asSent.reference.uuid ? mended : asSent;
}

function readPairs(pairs: readonly QueryPair[], names: QueryNames): ReturnQuery {
  const uuid = oneIdOf(valuesOf(pairs, names.uuid));
  const types = valuesOf(pairs, names.type).map((value) => wordIn(value, TYPE_WORDS));
  if (uuid === undefined || new Set(types).size > 1) return { ok: false, problem: 'repeated' };
  return checkReference(uuid, types[0]);
}

/** The values under the first name that has any; an empty one only where there is no other. */
function valuesOf(pairs: readonly QueryPair[], names: readonly string[]): readonly string[] {
  const lists = names.map((name) =>
    pairs.filter((pair) => pair[0] === name).map(([, value]) => value),
  );
  const given = lists.map((values) => values.filter((value) => value !== ''));
  return given.find((values) => values.length > 0) ?? lists.find(({ length }) => length > 0) ?? [];
}

/** Rejects what is no id; a type that no checkout has is left out. */
export function checkReference(uuid: string | undefined, sent: string | undefined): ReturnQuery {
  if (uuid === undefined || uuid === '') return { ok: false, problem: 'missing' };
  if (PLACEHOLDER.test(uuid)) return { ok: false, problem: 'unfilled' };
  if (!ID.test(uuid)) return { ok: false, problem: 'malformed' };
  const type = checkoutTypeOf(uuid, sent);
  return { ok: true, reference: type === undefined ? { uuid } : { uuid, type } };
}

/** The query of a request's url. */
export function queryOf(url: string): URLSearchParams {
  return new URLSearchParams(rawQueryOf(url));
}

function rawQueryOf(url: string): string {
  const [beforeFragment = ''] = url.split('#', 1);
  const start = beforeFragment.indexOf('?');
  return start === -1 ? '' : beforeFragment.slice(start + 1);
}

// An id's prefix comes from QBitFlow, the query's type from anywhere: where they disagree the type is dropped.
function checkoutTypeOf(uuid: string, sent: string | undefined): string | undefined {
  if (sent === undefined) return undefined;
  const type = transactionTypeOf({ uuid, type: sent });
  if (!CHECKOUT_TYPES.has(type)) return undefined;
  if (uuid.startsWith('pay@') && type !== 'payment') return undefined;
  if (uuid.startsWith('sub@') && type === 'payment') return undefined;
  return type;
}

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
function oneIdOf(values: readonly string[]): string | undefined {
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
function wordIn(value: string, words: readonly string[]): string {
  const [, start = ''] = /^[^\p{L}]*(\p{L}+)(?![\p{N}_-])/u.exec(value) ?? [];
  return words.find((word) => word.toLowerCase() === start.toLowerCase()) ?? value;
}

/** A query without what no parameter is called: `amp;…`, of an `&` escaped as HTML, and `?…`, of a second `?`. */
function tidyQuery(query: string): string {
  return query.replace(/&(?:amp;|#38;|#x26;)+/gi, '&').replace(/(^|&)\?+/g, '$1');
}

/**
 * What a query may have been before it was encoded once more, escaped as HTML then, written in capitals, or had `?` or
 * `;` put between its parameters: one reading for each time it may have been encoded. `names` come as they are spelled
 * here.
 */
function readLoosely(query: string, names: readonly string[]): readonly QueryPair[][] {
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
