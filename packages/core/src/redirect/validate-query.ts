import { type TransactionReference, transactionTypeOf } from '../api/transaction-reference.js';

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

/**
 * Reads the id and the type under the given names; the first name present counts. A value standing twice, an unfilled
 * placeholder and anything else that is not an id are refused. A type nobody can check out is left out.
 */
export function validateQuery(
  url: string,
  names: { readonly uuidNames: readonly string[]; readonly typeNames: readonly string[] },
): ReturnQuery {
  const query = queryOf(url);
  const ids = firstPresent(query, names.uuidNames);
  const types = firstPresent(query, names.typeNames);
  const [uuid] = ids;
  if (ids.length > 1 || types.length > 1) return { ok: false, problem: 'repeated' };
  return checkReference(uuid, types[0]);
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
  const [beforeFragment = ''] = url.split('#', 1);
  const start = beforeFragment.indexOf('?');
  return new URLSearchParams(start === -1 ? '' : beforeFragment.slice(start + 1));
}

function firstPresent(query: URLSearchParams, names: readonly string[]): readonly string[] {
  const name = names.find((candidate) => query.has(candidate));
  return name === undefined ? [] : query.getAll(name);
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
