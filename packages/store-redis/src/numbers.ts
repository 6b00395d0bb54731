import { QBitFlowError } from '@qbitflow/core';

/** About 270 years: a sorted set orders times up to here exactly, and a delay beyond it is a mistake. */
const MOST_MS = 8_640_000_000_000;

/** A delay or lease (ms) as the scripts take it: whole and never negative. Throws `misconfigured` for what is no delay. */
export function writeDelay(name: string, ms: unknown): string {
  if (typeof ms !== 'number' || !Number.isFinite(ms) || ms > MOST_MS)
    throw refused(name, ms, `a number of ms up to ${MOST_MS}`);
  return String(Math.max(Math.ceil(ms), 0));
}

/** An age (ms) as the scripts take it, or `undefined` for one that nothing ever reaches. Throws `misconfigured` for NaN. */
export function writeAge(name: string, ms: unknown): string | undefined {
  if (typeof ms !== 'number' || Number.isNaN(ms))
    throw refused(name, ms, 'a number of ms, Infinity for "never"');
  return ms > MOST_MS ? undefined : String(Math.max(Math.ceil(ms), 0));
}

/** A count, whole and from 0 to `most`. Throws `misconfigured` for what is no number. */
export function countOf(name: string, value: unknown, most: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw refused(name, value, 'a number');
  return Math.min(Math.max(Math.floor(value), 0), most);
}

/** Throws `misconfigured` for what is no time to wait (ms). */
export function checkTimeout(ms: unknown): void {
  if (typeof ms !== 'number' || !(ms > 0))
    throw refused('timeoutMs', ms, 'a positive number of ms');
}

function refused(name: string, value: unknown, wanted: string): QBitFlowError {
  return new QBitFlowError(
    'misconfigured',
    `the Redis store was given ${describe(value)} as ${name}, which must be ${wanted}: nothing was changed`,
    { facts: { name } },
  );
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : `a value of type ${typeof value}`;
}
