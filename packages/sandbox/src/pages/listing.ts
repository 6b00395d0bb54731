import type { Context } from 'koa';
import { queryOf } from '../api/read-request.js';
import { html, type Markup } from './html.js';

/** How many rows a page shows. */
const ROWS = 50;
/** Nobody types a longer search. */
const LONGEST_SEARCH = 200;

/** What a list is asked for, out of its address. */
export interface ListQuery {
  readonly path: string;
  /** Words that must all be in a row. */
  readonly search: string;
  /** A state, or empty for all. */
  readonly state: string;
  /** From 1. */
  readonly page: number;
}

/** Understands `?q=&state=&page=`; what makes no sense is left out. */
export function readListQuery(context: Context): ListQuery {
  const page = Number(queryOf(context, 'page') ?? 1);
  return {
    path: context.path,
    search: (queryOf(context, 'q') ?? '').slice(0, LONGEST_SEARCH).trim(),
    state: (queryOf(context, 'state') ?? '').slice(0, LONGEST_SEARCH),
    page: Number.isInteger(page) && page > 0 ? page : 1,
  };
}

/** One page of what was found, and how much that is. */
export interface Listing<Row> {
  readonly query: ListQuery;
  readonly rows: readonly Row[];
  readonly total: number;
}

/** What a list knows of its rows. */
export interface RowFacts<Row> {
  readonly stateOf: (row: Row) => string;
  /** All that can be searched for. */
  readonly textOf: (row: Row) => string;
}

/** The newest first, those that are asked for. `oldestFirst` is left as it is. */
export function listingOf<Row>(
  oldestFirst: readonly Row[],
  query: ListQuery,
  { stateOf, textOf }: RowFacts<Row>,
): Listing<Row> {
  const words = query.search.toLowerCase().split(/\s+/).filter(Boolean);
  const found = oldestFirst.filter((row) => {
    if (query.state !== '' && stateOf(row) !== query.state) return false;
    if (words.length === 0) return true;
    const text = textOf(row).toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const end = found.length - (query.page - 1) * ROWS;
  const rows = found.slice(Math.max(0, end - ROWS), Math.max(0, end)).toReversed();
  return { query, rows, total: found.length };
}

/** The search field and the states to choose from. */
export function searchForm(
  { path, search, state }: ListQuery,
  states: readonly string[],
  what: string,
): Markup {
  return html`<form class="search" method="get" action="${path}" role="search">
      ${state === '' ? undefined : html`<input type="hidden" name="state" value="${state}" />`}
      <input
        id="search"
        type="search"
        name="q"
        value="${search}"
        placeholder="${what}"
        aria-label="Search: ${what}"
        maxlength="${LONGEST_SEARCH}"
      />
      <button>Search</button>
      <kbd title="Press / to search" aria-hidden="true">/</kbd>
    </form>
    <nav class="chips" aria-label="States">
      ${['', ...states].map((one) => chip({ path, search, state: one, page: 1 }, one === state))}
    </nav>`;
}

function chip(query: ListQuery, current: boolean): Markup {
  const label = query.state === '' ? 'all' : query.state;
  return current
    ? html`<a class="chip" href="${addressOf(query)}" aria-current="true">${label}</a>`
    : html`<a class="chip" href="${addressOf(query)}">${label}</a>`;
}

/** Where a list is found as it is asked for. */
function addressOf({ path, search, state, page }: ListQuery): string {
  const query = new URLSearchParams();
  if (search !== '') query.set('q', search);
  if (state !== '') query.set('state', state);
  if (page > 1) query.set('page', String(page));
  return query.size === 0 ? path : `${path}?${query.toString()}`;
}

/** How much was found, and the way to the pages beside. */
export function pager({ query, rows, total }: Listing<unknown>): Markup {
  if (total === 0) {
    const all = { ...query, search: '', state: '', page: 1 };
    return query.search === '' && query.state === ''
      ? html`<p class="small">None yet.</p>`
      : html`<p class="small">None found. <a href="${addressOf(all)}">Show all</a></p>`;
  }
  const first = (query.page - 1) * ROWS + 1;
  const last = first + rows.length - 1;
  const shown = rows.length === 0 ? `none of ${total} here` : `${first}–${last} of ${total}`;
  return html`<nav class="pager" aria-label="Pages">
    <span class="small">${shown}, newest first</span>
    ${query.page > 1 ? link(query, Math.min(query.page - 1, lastPage(total)), 'Newer') : undefined}
    ${last < total ? link(query, query.page + 1, 'Older') : undefined}
  </nav>`;
}

function lastPage(total: number): number {
  return Math.max(1, Math.ceil(total / ROWS));
}

function link(query: ListQuery, page: number, label: string): Markup {
  return html`<a href="${addressOf({ ...query, page })}">${label}</a>`;
}

/** The rows by a key of theirs, each group in their order: once for all, where to look through all for each would take long. */
export function groupBy<Row>(
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): ReadonlyMap<string, readonly Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
