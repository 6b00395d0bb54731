import { type TransactionReference, transactionTypeOf } from '../api/transaction-ids.js';
import { oneIdOf, type QueryPair, readLoosely, tidyQuery, wordIn } from './mend-link.js';

/** Why a return URL names no payment. */
export type QueryProblem = 'missing' | 'repeated' | 'unfilled' | 'malformed';

/** What a return URL's query says. */
export type ReturnQuery =
  | { readonly ok: true; readonly reference: TransactionReference }
  | { readonly ok: false; readonly problem: QueryProblem };

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
  readonly uuidNames: readonly string[];
  readonly typeNames: readonly string[];
}

/**
 * Reads the id and the type under the given names; of each the first name with a value counts. Links are mended that
 * came back broken and can only mean one thing (`?uuid=…?utm=1`, `&amp;`, a mail client's dot, the same id twice).
 * Refused are two different values, an unfilled placeholder and anything else that is not an id. A type nobody can
 * check out is left out.
 */
export function validateQuery(url: string, names: QueryNames): ReturnQuery {
  const query = tidyQuery(rawQueryOf(url));
  const asSent = judge([...new URLSearchParams(query)], names);
  if (asSent.ok ? asSent.reference.type !== undefined : asSent.problem === 'repeated')
    return asSent;
  const mended = readLoosely(query, [...names.uuidNames, ...names.typeNames])
    .map((pairs) => judge(pairs, names))
    .find((read) => read.ok || read.problem === 'repeated');
  if (mended === undefined || !asSent.ok) return mended ?? asSent;
  // The id could be read as it was sent; its type may still stand behind a semicolon.
  return mended.ok && mended.reference.uuid === asSent.reference.uuid ? mended : asSent;
}

function judge(pairs: readonly QueryPair[], { uuidNames, typeNames }: QueryNames): ReturnQuery {
  const uuid = oneIdOf(valuesOf(pairs, uuidNames));
  const types = valuesOf(pairs, typeNames).map((value) => wordIn(value, TYPE_WORDS));
  if (uuid === undefined || new Set(types).size > 1) return { ok: false, problem: 'repeated' };
  return checkReference(uuid, types[0]);
}

/** The values under the first name that has any; an empty one only where there is no other. */
function valuesOf(pairs: readonly QueryPair[], names: readonly string[]): readonly string[] {
  const lists = names.map((name) =>
    pairs.filter((pair) => pair[0] === name).map(([, value]) => value),
  );
  const said = lists.map((values) => values.filter((value) => value !== ''));
  return said.find((values) => values.length > 0) ?? lists.find(({ length }) => length > 0) ?? [];
}

/** Refuses what is no id; a type nobody can check out is left out. */
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

// An id's prefix is QBitFlow's word, the query's type anybody's: where they disagree the type is dropped.
function checkoutTypeOf(uuid: string, sent: string | undefined): string | undefined {
  if (sent === undefined) return undefined;
  const type = transactionTypeOf({ uuid, type: sent });
  if (!CHECKOUT_TYPES.has(type)) return undefined;
  if (uuid.startsWith('pay@') && type !== 'payment') return undefined;
  if (uuid.startsWith('sub@') && type === 'payment') return undefined;
  return type;
}
