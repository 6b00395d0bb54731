/** Deeper than any parameter. */
const DEPTH = 4;

/** Parameters as they are now: the caller may change the object for the next call before this one's are read, once what reads them is loaded. */
export function copyOf<T>(value: T, depth = DEPTH): T {
  if (depth === 0 || typeof value !== 'object' || value === null) return value;
  const copied = Object.entries(value).map(([name, field]) => [name, copyOf(field, depth - 1)]);
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype
    ? Object.assign(Array.isArray(value) ? [] : {}, Object.fromEntries(copied))
    : value;
}
