import { QBitFlowError } from '../errors.js';

/** What an error of a store tells besides its message. */
export interface StoreErrorOptions {
  readonly cause?: unknown;
  readonly facts?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * The `store_unavailable` with which every call of a store rejects that cannot be served. `problem` goes on from "the
 * sqlite store …" and names cause and cure, without addresses or passwords.
 */
export function storeUnavailable(
  store: string,
  problem: string,
  { cause, facts }: StoreErrorOptions = {},
): QBitFlowError {
  return new QBitFlowError('store_unavailable', `the ${store} store ${problem}`, {
    ...(cause === undefined ? {} : { cause }),
    facts: { store, ...facts },
  });
}

/** What a call after `close()` is rejected with. */
export function storeClosed(store: string): QBitFlowError {
  return storeUnavailable(
    store,
    'was closed: make a new one, or close it after everything that uses it',
  );
}

/** The `misconfigured` for an argument that no store can work with: it is thrown before anything is changed. */
export function wrongArgument(
  store: string,
  {
    name,
    value,
    expected,
  }: { readonly name: string; readonly value: unknown; readonly expected: string },
): QBitFlowError {
  const found = describe(value);
  return new QBitFlowError(
    'misconfigured',
    `the ${store} store was given ${found} as ${name}, which must be ${expected}: nothing was changed`,
    { facts: { store, [name]: found } },
  );
}

/** More of a text than this does not help to find where it came from. */
const LONGEST_SHOWN = 60;

function describe(value: unknown): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return `'${value.slice(0, LONGEST_SHOWN)}'`;
  return value === null ? 'null' : typeof value;
}
