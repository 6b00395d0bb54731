import type { DurableStore } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { failingCases } from './failing-cases.js';
import type { ModelData } from './model-data.js';

/** A machine that does much else besides must not fail a test. In ms. */
export const TIMEOUT_MS = 120_000;

/** A bug, and the cases that must find it. */
export type Bug = readonly [
  (store: DurableStore, data: ModelData) => DurableStore,
  readonly string[],
];

/** Bugs with one symptom: these cases fail and no others. */
export function narrowBugs(bugs: readonly Bug[]): void {
  for (const [spoil, expected] of bugs)
    test.concurrent(
      `a store that ${spoil.name} fails there and nowhere else`,
      async () => {
        expect(await failingCases(spoil)).toEqual(expected);
      },
      TIMEOUT_MS,
    );
}

/** Bugs that show in many places: these cases fail among others, which need not be run to know. */
export function wideBugs(bugs: readonly Bug[]): void {
  for (const [spoil, expected] of bugs)
    test.concurrent(
      `a store that ${spoil.name} fails`,
      async () => {
        const failed = await failingCases(spoil, (name) => expected.includes(name));
        expect(failed.toSorted()).toEqual(expected.toSorted());
      },
      TIMEOUT_MS,
    );
}
