import { performance } from 'node:perf_hooks';
import type { RegisterTest } from './suite-options.js';

/** How one case went. `error` is what it threw. */
export type CaseResult =
  | { readonly name: string; readonly ok: true; readonly ms: number }
  | { readonly name: string; readonly ok: false; readonly ms: number; readonly error: unknown };

/** Which cases to run, and how many at once. */
export interface RunOptions {
  /** All of them unless given. */
  readonly only?: ((name: string) => boolean) | undefined;
  /** @default 1 */
  readonly concurrency?: number | undefined;
}

/** Stands in for a test runner: hand its `test` to a suite, then `run` what was registered. */
export interface Runner {
  readonly test: RegisterTest;
  /** Runs the cases and resolves with their results, in the order they were registered. It never rejects. */
  run(options?: RunOptions): Promise<readonly CaseResult[]>;
}

interface Registered {
  readonly name: string;
  readonly run: () => Promise<void>;
  readonly timeoutMs: number;
}

/**
 * A runner without cases, for a proof outside of a test runner: in a script, or in a page of your own. Never throws.
 * @example
 * ```js
 * import { createRunner } from '@qbitflow/conformance';
 *
 * const runner = createRunner(); // hand runner.test to a suite
 * runner.test('one is one', async () => console.assert(1 === 1));
 * const results = await runner.run();
 * console.assert(results.every(({ ok }) => ok));
 * ```
 */
export function createRunner(): Runner {
  const cases: Registered[] = [];
  return {
    test(name, run, timeoutMs = 60_000) {
      cases.push({ name, run, timeoutMs });
    },
    async run({ only = () => true, concurrency = 1 } = {}) {
      const chosen = cases.filter(({ name }) => only(name));
      const results = new Map<Registered, CaseResult>();
      const queue = chosen.values();
      const lane = async (): Promise<void> => {
        // All lanes share one iterator: each case is taken by one of them.
        for (const one of queue) results.set(one, await runOne(one));
      };
      await Promise.all(Array.from({ length: concurrency }, lane));
      return chosen.map((one) => results.get(one)).filter((result) => result !== undefined);
    },
  };
}

async function runOne({ name, run, timeoutMs }: Registered): Promise<CaseResult> {
  const started = performance.now();
  const ms = () => Math.round(performance.now() - started);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`did not end within ${timeoutMs} ms`));
    }, timeoutMs);
  });
  try {
    await Promise.race([run(), late]);
    return { name, ok: true, ms: ms() };
  } catch (error) {
    return { name, ok: false, ms: ms(), error };
  } finally {
    clearTimeout(timer);
  }
}
