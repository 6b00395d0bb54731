import { QBitFlowError } from '@qbitflow/core';

/** A hundred years in ms: what the server's clock can add, and longer than anybody waits. */
const LONGEST_MS = 3_155_760_000_000;
const MOST_AT_ONCE = 10_000;
const MOST_STARTS = 2_147_483_647;

/** A time to wait from now on. Throws `misconfigured` for what is none, or would wait for ever. */
export function delayOf(ms: number, what: string): number {
  if (typeof ms === 'number' && ms <= LONGEST_MS && ms >= -LONGEST_MS) return Math.max(ms, 0);
  throw odd(what, ms, `a number of ms up to ${LONGEST_MS}`);
}

/** An age: `undefined` where nothing can be that old. Throws `misconfigured` for what is no number. */
export function ageOf(ms: number, what: string): number | undefined {
  if (typeof ms !== 'number' || Number.isNaN(ms))
    throw odd(what, ms, 'a number of ms, or Infinity');
  if (ms > LONGEST_MS) return undefined;
  return Math.max(ms, 0);
}

/** How many at most. Throws `misconfigured` for what is no number. */
export function countOf(limit: number, what: string): number {
  if (typeof limit !== 'number' || Number.isNaN(limit)) throw odd(what, limit, 'a number');
  return Math.floor(Math.min(Math.max(limit, 0), MOST_AT_ONCE));
}

/** A number of starts. Throws `misconfigured` for what is none. */
export function startOf(start: number): number {
  if (Number.isInteger(start) && start >= 0 && start <= MOST_STARTS) return start;
  throw odd('extend: start', start, 'a whole number');
}

function odd(what: string, value: unknown, cure: string): QBitFlowError {
  const found = typeof value === 'number' ? String(value) : typeof value;
  return new QBitFlowError('misconfigured', `${what} must be ${cure}; it is ${found}`, {
    facts: { store: 'postgres', found },
  });
}
