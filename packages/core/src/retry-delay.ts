import { isDate } from 'node:util/types';
import { safeDelayMs } from './delay.js';

/** When to come again: after so many ms, or at a moment (ms since 1970). */
export type RetryDelay = { readonly ms: number } | { readonly at: number };

/** Longer than any delivery is put off for: a number beyond it is a moment, or a mistake. 366 days, in ms. */
export const LONGEST_RETRY_MS = 31_622_400_000;

/** Reads what a handler asked for; a text says why it means nothing. */
export function readRetryDelay(asked: unknown): RetryDelay | string {
  if (isDate(asked)) {
    const at = Date.prototype.getTime.call(asked);
    return Number.isNaN(at) ? 'an invalid Date' : { at };
  }
  if (typeof asked === 'string')
    return 'a text: the text of a Retry-After header goes through RetryLater.fromHeader()';
  if (typeof asked !== 'number') return asked === null ? 'null' : typeof asked;
  if (Number.isNaN(asked)) return 'NaN, often a header that is missing';
  if (!Number.isFinite(asked)) return String(asked);
  return asked > LONGEST_RETRY_MS ? 'more than a year of ms' : { ms: asked };
}

/** The wait in ms from `now`, never negative; `undefined` when it is no time, or more than a year away. */
export function waitOf(asked: unknown, now: number): number | undefined {
  const delay = readRetryDelay(asked);
  if (typeof delay === 'string') return undefined;
  const ms = 'ms' in delay ? delay.ms : delay.at - now;
  return ms > LONGEST_RETRY_MS ? undefined : safeDelayMs(ms, 0);
}
