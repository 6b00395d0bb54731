import { array, assert, constantFrom, jsonValue, oneof, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EVENT_TYPES } from '../../src/event/types.js';
import { parseJson } from '../../src/protocol/json.js';
import { quickCheckOf } from '../../src/protocol/quick-check.js';
import { fixtures } from '../../src/testing/index.js';

const schemas: [string, z.ZodType][] = Object.entries(EVENT_TYPES).flatMap(([type, row]) =>
  'schema' in row ? [[type, row.schema()]] : [],
);

/** Per type; a million in all with QUICK_CHECK_RUNS=80000. */
const RUNS = Number(process.env['QUICK_CHECK_RUNS'] ?? 500);

/** Every place in a JSON value, as the path to it. */
function placesIn(value: unknown, path: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [
    path,
    ...Object.entries(value).flatMap(([name, part]) => placesIn(part, [...path, name])),
  ];
}

/** The value with another at one place. */
function replaced(value: unknown, [name, ...rest]: readonly string[], by: unknown): unknown {
  if (name === undefined) return by;
  if (Array.isArray(value))
    return value.map((part: unknown, index) =>
      String(index) === name ? replaced(part, rest, by) : part,
    );
  const fields = new Map(Object.entries(Object(value)));
  fields.set(name, replaced(fields.get(name), rest, by));
  return Object.fromEntries(fields);
}

const anything = oneof(
  constantFrom<unknown>(undefined, null, true, 0, -0, 1.5, 1e308, Infinity, NaN, '', '1', [], {}),
  jsonValue(),
);

describe.each(schemas)('%s', (type, schema) => {
  const check = quickCheckOf(schema);
  const make = Object.entries(fixtures.v2).find(([name]) => name === type)?.[1];
  const data: unknown = make?.().data;

  it('is certain of what QBitFlow sends', () => {
    expect(check(data)).toBe(true);
  });

  it('says of any body what the schema says', () => {
    const places = placesIn(data);
    const bodies = array(tuple(constantFrom(...places), anything), {
      minLength: 1,
      maxLength: 3,
    }).map((changes) => changes.reduce((body, [at, by]) => replaced(body, at, by), data));
    assert(
      property(bodies, (body) => {
        expect(check(body)).toBe(schema.safeParse(body).success);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('is not certain', () => {
  it.each([
    ['a kind it does not know', z.date(), new Date(0)],
    ['a schema with checks', z.string().min(1), 'x'],
    ['a refined object', z.looseObject({}).refine(() => true), {}],
    ['a schema that transforms', z.string().transform(Number), '1'],
    ['an object that takes no further fields', z.strictObject({}), {}],
    ['an object that drops further fields', z.object({}), {}],
    ['a string of a format', z.email(), 'a@b.example'],
    ['whole numbers', z.int(), 1],
    ['numbers of 32 bits', z.float32(), 1],
    ['what it would convert', z.coerce.string(), 'x'],
    ['one of two and not both', z.xor([z.string(), z.number()]), 'x'],
    ['a list with whole numbers', z.array(z.int()), [1]],
    ['a field with whole numbers', z.looseObject({ n: z.int().nullish() }), { n: 1 }],
    ['no schema', undefined, undefined],
  ])('of %s', (_, schema, value) => {
    expect(quickCheckOf(schema)(value)).toBe(false);
  });
});

it('takes no number that JSON cannot have said exactly', () => {
  const huge = parseJson(Buffer.from('{"amount":1e999}'));
  expect(quickCheckOf(EVENT_TYPES['payment.completed'].schema)(huge.value)).toBe(false);
});
