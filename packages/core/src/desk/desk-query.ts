import type { Clock } from '../clock.js';
import type { DeliveryState, ListFilter } from '../store/durable-store.js';

/** The pages of the desk. All that a page shows is in its address, which is one path with a query. */
export type View = 'now' | 'deliveries' | 'delivery' | 'confirm' | 'action' | 'find' | 'events';

/** What an operator can have done to deliveries. */
export type ActionKind = 'replay' | 'discard';

/** The query of an address, or the fields of a form. */
export type Fields = ReadonlyMap<string, string>;

/** A filter as an address or a form spells it. */
export type FilterFields = Partial<Readonly<Record<FilterName, string>>>;

export const FILTER_NAMES = [
  'state',
  'type',
  'subject',
  'reference',
  'from',
  'until',
  'error',
] as const;
export type FilterName = (typeof FILTER_NAMES)[number];

/** What each part of a filter is called. */
export const FILTER_LABELS: Readonly<Record<FilterName, string>> = {
  state: 'State',
  type: 'Event type',
  subject: 'Transaction',
  reference: 'Reference (order)',
  from: 'Recorded from (UTC)',
  until: 'Recorded before (UTC)',
  error: 'Text in the error',
};

export const STATES = ['due', 'running', 'done', 'dead', 'unhandled'] as const;

/** A filter that was understood, or what is wrong with it in words for the form. */
export type ReadFilter =
  | { readonly ok: true; readonly filter: Omit<ListFilter, 'limit' | 'cursor'> }
  | { readonly ok: false; readonly problems: Partial<Readonly<Record<FilterName, string>>> };

const LONGEST_TEXT = 512;

/** The query of a request, or the fields of a form, as a map that takes each name once: the first. */
export function fieldsOf(query: string): Fields {
  const fields = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(query))
    if (!fields.has(name)) fields.set(name, value.slice(0, 2 * LONGEST_TEXT));
  return fields;
}

/** What of a query or a form is a filter; empty fields are none. */
export function filterFieldsOf(fields: Fields): FilterFields {
  return Object.fromEntries(
    FILTER_NAMES.flatMap((name) => {
      const value = (fields.get(name) ?? '').trim().slice(0, LONGEST_TEXT);
      return value === '' ? [] : [[name, value]];
    }),
  );
}

/** The action that an address or a form names. */
export function kindOf(fields: Fields): ActionKind | undefined {
  const kind = fields.get('do');
  return kind === 'replay' || kind === 'discard' ? kind : undefined;
}

/** Understands a filter. Times are UTC, or so long ago (`-90m`, `-24h`, `-7d`). */
export function readFilter(fields: FilterFields, clock: Clock): ReadFilter {
  const problems: Partial<Record<FilterName, string>> = {};
  const { state, type, subject, reference, error } = fields;
  const isState = (STATES as readonly (string | undefined)[]).includes(state);
  if (state !== undefined && !isState) problems.state = `a state is one of ${STATES.join(', ')}`;
  const [recordedFrom, recordedUntil] = (['from', 'until'] as const).map((name) => {
    const text = fields[name];
    const at = text === undefined ? undefined : timeOf(text, clock);
    if (text !== undefined && at === undefined)
      problems[name] = 'a time in UTC like 2026-11-28T14:30, or so long ago: -90m, -24h, -7d';
    return at;
  });
  if (Object.keys(problems).length > 0) return { ok: false, problems };
  return {
    ok: true,
    filter: {
      ...(state === 'unhandled' ? { unhandled: true } : { state: stateOf(state) }),
      type,
      subject,
      reference,
      recordedFrom,
      recordedUntil,
      error,
    },
  };
}

function stateOf(text: string | undefined): DeliveryState | undefined {
  return text === 'due' || text === 'running' || text === 'done' || text === 'dead'
    ? text
    : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const WRITTEN =
  /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?)?(Z|[+-]\d{2}:\d{2})?$/;

function timeOf(text: string, clock: Clock): number | undefined {
  const [, number, unit = ''] = /^-(\d{1,5})([mhd])$/.exec(text) ?? [];
  if (number !== undefined) return clock.now() - Number(number) * (UNIT_MS[unit] ?? 0);
  const [, zone] = WRITTEN.exec(text) ?? [undefined, ''];
  if (zone === '') return undefined;
  // A date alone is UTC by itself; with a time it would be the machine's zone.
  const at = Date.parse(
    zone === undefined && text.length > 10 ? `${text.replace(' ', 'T')}Z` : text,
  );
  return Number.isNaN(at) ? undefined : at;
}

/** A link to a page of the desk, relative to whichever it stands on: `?key=…`. Absent values are left out. */
export function linkTo(fields: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields))
    if (value !== undefined && value !== '') query.set(name, value);
  return `?${query.toString()}`;
}
