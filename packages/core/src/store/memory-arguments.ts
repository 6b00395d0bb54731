import { LONGEST_DELAY_MS } from '../clock.js';
import { QBitFlowError } from '../errors.js';

/** A wait in ms, none where it is negative. Throws `misconfigured` for what is no number or would wait forever. */
export function waitOf(name: string, ms: number): number {
  if (Math.abs(ms) <= LONGEST_DELAY_MS) return Math.max(0, ms);
  throw odd(name, ms, `a number of ms up to ${LONGEST_DELAY_MS}`);
}

/** An age in ms, `Infinity` where nothing ever is that old. Throws `misconfigured` for what is no number. */
export function ageOf(name: string, ms: number): number {
  if (typeof ms === 'number' && !Number.isNaN(ms)) return ms;
  throw odd(name, ms, 'a number of ms, or Infinity');
}

/** How many at most, none where it is negative. Throws `misconfigured` for what is no number. */
export function countOf(name: string, limit: number): number {
  if (typeof limit === 'number' && !Number.isNaN(limit)) return Math.max(0, Math.floor(limit));
  throw odd(name, limit, 'a number');
}

/** A number of starts. Throws `misconfigured` for what is none. */
export function startOf(start: number): number {
  if (Number.isSafeInteger(start) && start >= 0) return start;
  throw odd('start', start, 'a whole number');
}

function odd(name: string, value: unknown, wanted: string): QBitFlowError {
  const found = typeof value === 'number' ? String(value) : typeof value;
  return new QBitFlowError(
    'misconfigured',
    `the memory store was given ${found} as ${name}, which must be ${wanted}: nothing was changed`,
    { facts: { store: 'memory', [name]: found } },
  );
}
