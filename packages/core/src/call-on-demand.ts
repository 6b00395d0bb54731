import type { OnDemand } from './on-demand.js';

/** Deeper than any parameter. */
const DEPTH = 4;

/**
 * A call of what is loaded on demand, with its parameter as it is when the call is made: the caller may change the object
 * for the next one before this one's is read.
 */
export function callOnDemand<Loaded, Given, Answer>(
  load: OnDemand<Loaded>,
  call: (loaded: Loaded, given: Given) => Promise<Answer>,
): (given: Given) => Promise<Answer> {
  return async (given) => {
    const asked = copyOf(given);
    return call(await load(), asked);
  };
}

function copyOf<T>(value: T, depth = DEPTH): T {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  const copied = Object.entries(value).map(([name, field]) => [name, copyOf(field, depth - 1)]);
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
    ? Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(copied))
    : value;
}
