import * as z from 'zod';
import { takesShortcuts } from '../shortcuts.js';
import { isJsonObject } from './json.js';

/** Whether a schema is certain to accept a JSON-parsed value. Where it is not, the schema itself decides, and words why. */
export type QuickCheck = (value: unknown) => boolean;

/**
 * A check made from a schema of the few kinds that bodies are made of: strings, numbers, booleans, lists, objects with
 * further fields, either of two, and any of them absent or null. It copies nothing and collects no issues, which is most
 * of what a genuine delivery's validation costs (about 4 µs and 6 kB for a payment). `test/protocol/quick-check.test.ts`
 * holds it to the schemas.
 */
export function quickCheckOf(schema: unknown): QuickCheck {
  if (!takesShortcuts || !(schema instanceof z.ZodType) || !isPlain(schema)) return uncertain;
  if (schema instanceof z.ZodOptional)
    return either(isUndefined, quickCheckOf(schema.def.innerType));
  if (schema instanceof z.ZodNullable) return either(isNull, quickCheckOf(schema.def.innerType));
  if (schema instanceof z.ZodString) return isString;
  if (schema instanceof z.ZodNumber) return Number.isFinite;
  if (schema instanceof z.ZodBoolean) return isBoolean;
  if (schema instanceof z.ZodUnion)
    return schema.def.options.map((option) => quickCheckOf(option)).reduce(either);
  if (schema instanceof z.ZodArray) return listOf(quickCheckOf(schema.def.element));
  if (schema instanceof z.ZodObject && schema.def.catchall instanceof z.ZodUnknown)
    return objectOf(Object.entries(schema.shape));
  return uncertain;
}

/** All that the definition of a plain schema consists of: a format, a coercion, another kind of union is one thing more. */
const PLAIN: ReadonlySet<string> = new Set([
  'type',
  'checks',
  'innerType',
  'options',
  'element',
  'shape',
  'catchall',
]);

function isPlain({ def }: z.ZodType): boolean {
  return Object.keys(def).every((name) => PLAIN.has(name)) && (def.checks?.length ?? 0) === 0;
}

const uncertain: QuickCheck = () => false;
const isUndefined: QuickCheck = (value) => value === undefined;
const isNull: QuickCheck = (value) => value === null;
const isString: QuickCheck = (value) => typeof value === 'string';
const isBoolean: QuickCheck = (value) => typeof value === 'boolean';

function either(one: QuickCheck, other: QuickCheck): QuickCheck {
  return (value) => one(value) || other(value);
}

function listOf(check: QuickCheck): QuickCheck {
  return (value) => Array.isArray(value) && value.every(check);
}

function objectOf(shape: readonly (readonly [name: string, schema: unknown])[]): QuickCheck {
  const names = shape.map(([name]) => name);
  const checks = shape.map(([, schema]) => quickCheckOf(schema));
  return (value) => {
    if (!isJsonObject(value)) return false;
    for (let index = 0; index < names.length; index += 1)
      if (checks[index]?.(value[names[index] ?? '']) !== true) return false;
    return true;
  };
}
