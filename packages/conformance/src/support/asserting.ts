import { deepEqual, equal, ok } from 'node:assert/strict';
import { isUint8Array } from 'node:util/types';

/** Asserts the named fields of a value and looks at no others. */
export function hasFields<T extends object>(
  actual: T | undefined,
  expected: Partial<T>,
  what: string,
): void {
  ok(actual !== undefined, `${what}: there is nothing`);
  const fields = new Map<string, unknown>(Object.entries(actual));
  const seen = Object.keys(expected).map((name) => [name, fields.get(name)]);
  deepEqual(Object.fromEntries(seen), { ...expected }, what);
}

/** Asserts that two bodies are the same, byte for byte. */
export function sameBytes(actual: Uint8Array | undefined, expected: Uint8Array): void {
  ok(isUint8Array(actual), 'the body is not a Uint8Array');
  equal(actual.length, expected.length, 'the body has another length');
  ok(Buffer.compare(actual, expected) === 0, 'the body has other bytes');
}

/** Asserts that the same texts are there, each once, in whatever order. */
export function sameMembers(
  actual: readonly string[],
  expected: readonly string[],
  what: string,
): void {
  deepEqual(actual.toSorted(), expected.toSorted(), what);
}

/** A field of a value that came from elsewhere, or `undefined`. */
export function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
