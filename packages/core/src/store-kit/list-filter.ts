import type { ListFilter } from '../store/durable-store.js';
import { wrongArgument } from './store-errors.js';

/** How many deliveries a store looks through for one page of a search in errors, at most. */
export const MOST_SEARCHED = 10_000;

/** What `list` was asked for besides the page: only what was given, and every value as a store can ask for it. */
export type ReadFilter = Omit<ListFilter, 'limit' | 'cursor'>;

/**
 * Reads the part of a filter that says which deliveries: what was left out, and an empty `error`, is not there any more.
 * Throws `misconfigured` for a time that is no number and for a reference or an error that is no text: an empty page would
 * pass for "there are none".
 */
export function readFilter(store: string, filter: ListFilter): ReadFilter {
  const { state, type, subject, unhandled } = filter;
  const reference = textIn(store, 'reference', filter.reference);
  const error = textIn(store, 'error', filter.error) || undefined;
  const recordedFrom = timeIn(store, 'recordedFrom', filter.recordedFrom);
  const recordedUntil = timeIn(store, 'recordedUntil', filter.recordedUntil);
  return {
    ...(state === undefined ? {} : { state }),
    ...(type === undefined ? {} : { type }),
    ...(subject === undefined ? {} : { subject }),
    ...(unhandled === true ? { unhandled } : {}),
    ...(reference === undefined ? {} : { reference }),
    ...(error === undefined ? {} : { error }),
    ...(recordedFrom === undefined ? {} : { recordedFrom }),
    ...(recordedUntil === undefined ? {} : { recordedUntil }),
  };
}

function textIn(store: string, name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw wrongArgument(store, { name, value, expected: 'a text' });
}

/** Whole ms within what every database can compare: `Infinity` is a time that never comes. */
function timeIn(store: string, name: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || Number.isNaN(value))
    throw wrongArgument(store, { name, value, expected: 'a number of ms since 1970' });
  return Math.ceil(Math.min(Math.max(value, 0), Number.MAX_SAFE_INTEGER));
}

/** Whether an error contains a text, whatever the case of ASCII letters; of no error, never. */
export function errorSearch(text: string): (error: string | undefined) => boolean {
  const source = text
    .replace(/[\\^$.*+?()[\]{}|/-]/g, String.raw`\$&`)
    .replace(/[A-Za-z]/g, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);
  // Without flags: those would take other alphabets' cases, and the Kelvin sign, for the same.
  const pattern = new RegExp(source);
  return (error) => error !== undefined && pattern.test(error);
}
