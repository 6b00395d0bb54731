import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { createJudge } from './judge.js';

/** Every place in a body, at every depth. */
function placesIn(value: unknown, above: readonly string[] = []): (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => {
    const place = [...above, name];
    return [place, ...placesIn(inner, place)];
  });
}

/** A copy of a body with one place changed. */
function changed(
  body: unknown,
  place: readonly string[],
  change: (at: object, name: string) => void,
) {
  const copy: unknown = structuredClone(body);
  const parent = place.slice(0, -1).reduce((at, name) => Reflect.get(Object(at), name), copy);
  change(Object(parent), place.at(-1) ?? '');
  return copy;
}

function isRefused(generation: 'v1' | 'v2', body: unknown): boolean {
  try {
    createJudge().webhook(generation, body);
    return false;
  } catch {
    return true;
  }
}

const bodies = (['v1', 'v2'] as const).flatMap((generation) =>
  Object.entries(fixtures[generation])
    // Of its body the protocol says nothing.
    .filter(([name]) => name !== 'connectivityTest')
    .map(([name, make]) => ({ generation, name, body: make() })),
);

test.each(bodies)('no field of $name may be of another JSON type', ({ generation, body }) => {
  const places = placesIn(body);
  const tolerated = places.filter((place) => {
    const wrong = changed(body, place, (at, name) => {
      const value: unknown = Reflect.get(at, name);
      Reflect.set(at, name, Array.isArray(value) ? 'text' : [value]);
    });
    return !isRefused(generation, wrong);
  });
  expect(places.length).toBeGreaterThan(5);
  expect(tolerated).toEqual([]);
});

test.each(bodies)('no object in $name may have a field of its own', ({ generation, body }) => {
  const objects = placesIn(body).filter((place) => {
    const value: unknown = place.reduce<unknown>((at, name) => Reflect.get(Object(at), name), body);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  });
  const tolerated = objects.filter((place) => {
    const more = changed(body, [...place, 'invented'], (at, name) => Reflect.set(at, name, 1));
    return !isRefused(generation, more);
  });
  expect(tolerated).toEqual([]);
});
