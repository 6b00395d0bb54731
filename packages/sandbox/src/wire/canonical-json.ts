/** A body, or part of one, before it becomes JSON: fields that are `undefined` are left out, as servers do. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Nested deeper than this nothing is written; QBitFlow's own bodies stay under ten. */
const DEEPEST = 1_000;
/** With the `u` flag a surrogate matches only where it has no partner. */
const LONE_SURROGATE = /\p{Surrogate}/gu;
/** What Go escapes for HTML's and JavaScript's sake, and `JSON.stringify` does not. */
const ESCAPED_BY_GO = /[<>&\u2028\u2029]/g;

/** Thrown for a value that v1 cannot have signed. */
export class CanonicalJsonError extends Error {
  override readonly name = 'CanonicalJsonError';
  readonly code = 'unreadable_event';
}

/**
 * What Go's `encoding/json` writes for a decoded value, which is what v1 signs. Takes what `JSON.parse` gives; throws a
 * {@link CanonicalJsonError} for anything else, and for what is nested deeper than 1,000 levels.
 */
export function canonicalJson(value: unknown): string {
  return write(value, 0);
}

function write(value: unknown, depth: number): string {
  if (typeof value === 'string') return textOf(value);
  if (typeof value === 'number') return numberOf(value);
  if (typeof value === 'boolean' || value === null) return String(value);
  if (typeof value !== 'object')
    throw new CanonicalJsonError(`JSON has no text for a value of type ${typeof value}`);
  if (depth >= DEEPEST)
    throw new CanonicalJsonError(`the body is nested deeper than ${DEEPEST} levels`);
  if (Array.isArray(value))
    return `[${value.map((item: unknown) => write(item, depth + 1)).join(',')}]`;
  return objectOf(value, depth);
}

/** Keys in the order of their bytes in UTF-8. Those that differ in lone surrogates only are one to Go: the last counts. */
function objectOf(value: object, depth: number): string {
  const fields = new Map<string, unknown>();
  for (const [key, item] of Object.entries(value)) fields.set(wellFormed(key), item);
  const sorted = [...fields]
    .map(([key, item]) => ({ key, item, bytes: Buffer.from(key, 'utf8') }))
    .toSorted((one, other) => Buffer.compare(one.bytes, other.bytes));
  return `{${sorted.map(({ key, item }) => `${textOf(key)}:${write(item, depth + 1)}`).join(',')}}`;
}

function textOf(text: string): string {
  return JSON.stringify(wellFormed(text)).replaceAll(
    ESCAPED_BY_GO,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function wellFormed(text: string): string {
  return text.replaceAll(LONE_SURROGATE, '\ufffd');
}

/** Go's shortest form of a float64 is JavaScript's, but for the sign of zero. */
function numberOf(number: number): string {
  if (!Number.isFinite(number))
    throw new CanonicalJsonError('a number in the body is too large for float64');
  return Object.is(number, -0) ? '-0' : String(number);
}
