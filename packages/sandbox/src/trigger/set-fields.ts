import { misconfigured } from '../errors.js';
import type { JsonObject } from '../wire/canonical-json.js';

/** No body of QBitFlow's is nested deeper; a path is not recursed into without end. */
const DEEPEST = 20;

/** What is set, by dotted path: `{ 'data.reference': 'order-1' }`. */
export type FieldChanges = Readonly<Record<string, unknown>>;

/** A body with its fields set. Throws `misconfigured` for a path that leads through what is no object. */
export function setFields(body: JsonObject, changes: FieldChanges): JsonObject {
  return Object.entries(changes).reduce(
    (changed, [path, value]) => setField(changed, path, value),
    body,
  );
}

function setField(body: JsonObject, path: string, value: unknown): JsonObject {
  const steps = path.split('.');
  if (steps.includes('') || steps.length > DEEPEST)
    throw misconfigured(
      `${JSON.stringify(path.slice(0, 100))} is no path: write dotted names, such as data.reference`,
    );
  // The body is an object, and so is what becomes of it.
  return { ...Object(put(body, steps, { value, path })) };
}

interface Change {
  readonly value: unknown;
  readonly path: string;
}

/** Copies on the way down. A name that is left out becomes an object, a list takes the index of an item or the next one. */
function put(target: unknown, [step, ...rest]: readonly string[], change: Change): unknown {
  if (step === undefined) return change.value;
  if (Array.isArray(target)) {
    const items: readonly unknown[] = target;
    const index = /^\d{1,4}$/.test(step) ? Number(step) : -1;
    if (index < 0 || index > items.length)
      throw noWay(change.path, step, `a list of ${items.length}, which has no such place`);
    return [...items.slice(0, index), put(items[index], rest, change), ...items.slice(index + 1)];
  }
  if (target !== undefined && (typeof target !== 'object' || target === null))
    throw noWay(change.path, step, target === null ? 'null' : `a ${typeof target}`);
  const fields: JsonObject = { ...target };
  const inside = Object.hasOwn(fields, step) ? fields[step] : undefined;
  return { ...fields, [step]: put(inside, rest, change) };
}

function noWay(path: string, step: string, what: string): Error {
  return misconfigured(
    `${path} cannot be set: what has ${JSON.stringify(step)} in it would have to be an object, and is ${what}`,
  );
}

/**
 * Understands `path=value`. The value is JSON where it is such, else text; a number that JSON would round stays text.
 * Throws `misconfigured` without a `=`.
 */
export function readAssignment(text: string): readonly [path: string, value: unknown] {
  const at = text.indexOf('=');
  if (at < 1)
    throw misconfigured(
      `${JSON.stringify(text.slice(0, 100))} sets nothing: write path=value, such as data.reference=order-1`,
    );
  return [text.slice(0, at), valueOf(text.slice(at + 1))];
}

function valueOf(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    const rounded = typeof value === 'number' && Math.abs(value) > Number.MAX_SAFE_INTEGER;
    return rounded ? text : value;
  } catch {
    return text;
  }
}
