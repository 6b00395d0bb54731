import { describe, expect, test } from 'vitest';
import { scenarios } from '../scenarios/index.mjs';
import { isAvailable, startArenas } from './arenas.mjs';

const WITHIN_MS = 115_000;

/** Repeat a run with `CHAOS_SEED=<n>`. */
const SEED = Number(process.env['CHAOS_SEED'] ?? 20_261_101);

/** What a scenario comes back with: broken promises as sentences, and figures. */
interface Result {
  readonly broken: readonly string[];
  readonly figures: Readonly<Record<string, unknown>>;
}

interface Scenario {
  readonly play: (arena: unknown, options: object) => Promise<Result>;
  readonly kinds: readonly string[];
  readonly short: object;
}

/**
 * Plays a scenario in its short form on each of its stores and expects no broken promise and these figures. A store
 * whose server this machine lacks is skipped under a title that says so; on a build machine that is a failure.
 */
export function chaos(
  name: keyof typeof scenarios,
  figures: Readonly<Record<string, unknown>>,
): void {
  // The scenarios are plain JavaScript, for the full form runs without a compiler.
  const { play, kinds, short } = scenarios[name] as Scenario;
  describe.concurrent(`chaos: ${name}`, () => {
    for (const kind of kinds)
      test.skipIf(isMissing(kind))(
        `${kind}${whySkipped(kind)}`,
        { timeout: WITHIN_MS },
        async () => {
          const arenas = await startArenas(kind);
          try {
            const result: Result = await arenas.run(play, { seed: SEED, ...short });
            expect(result.broken, `with CHAOS_SEED=${SEED}`).toEqual([]);
            expect(result.figures).toMatchObject(figures);
          } finally {
            await arenas.close();
          }
        },
      );
  });
}

/** On a build machine nothing is skipped: there the missing server is the failure. */
function isMissing(kind: string): boolean {
  return !isAvailable(kind) && process.env['CI'] !== 'true';
}

function whySkipped(kind: string): string {
  return isMissing(kind) ? ': SKIPPED, this machine has no such server' : '';
}
