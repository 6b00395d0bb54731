import { QBitFlowError } from '@qbitflow/core';

/** A hundred years: what is put off for longer is put off by mistake. */
const LONGEST_MS = 100 * 365 * 86_400_000;

/** A wait in whole ms; none when it is negative. Throws `misconfigured` for what would put a delivery off for ever. */
export function waitMs(name: string, value: number): number {
  if (!Number.isFinite(value) || value > LONGEST_MS)
    throw wrong(name, value, 'a number of ms of at most a hundred years');
  return Math.max(0, Math.ceil(value));
}

/** An age in ms, `undefined` where nothing can be as old. Throws `misconfigured` for what is no number. */
export function ageMs(name: string, value: number): number | undefined {
  if (Number.isNaN(value)) throw wrong(name, value, 'a number of ms');
  return value > Number.MAX_SAFE_INTEGER ? undefined : Math.max(0, Math.floor(value));
}

/** How many at most, a whole number. Throws `misconfigured` for what is no number. */
export function countOf(name: string, value: number): number {
  if (Number.isNaN(value)) throw wrong(name, value, 'a whole number');
  return Math.floor(Math.min(Math.max(0, value), Number.MAX_SAFE_INTEGER));
}

function wrong(name: string, value: unknown, expected: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `the sqlite store was given ${String(value)} as ${name}, which must be ${expected}: nothing was changed`,
    { facts: { store: 'sqlite', [name]: value } },
  );
}
