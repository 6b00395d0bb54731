import type { StoreCapabilities, SuiteOptions } from '../suite-options.js';
import { openBench, type Bench, type StoreKind } from './bench.js';

/** One behaviour. `needs` names the capability without which it cannot be asked for. */
export interface ConformanceCase<Store, Capabilities> {
  readonly name: string;
  readonly needs?: keyof Capabilities;
  run(bench: Bench<Store>): Promise<void>;
}

/** Hands every case the store is capable of to the caller's test runner. */
export function registerCases<Store, Capabilities extends StoreCapabilities>(
  cases: readonly ConformanceCase<Store, Capabilities>[],
  kind: StoreKind<Store>,
  options: SuiteOptions<Store, Capabilities>,
): void {
  const timeoutMs = 60_000 + 3 * (options.patienceMs ?? 10_000);
  for (const one of cases) {
    const { name, needs } = one;
    if (needs !== undefined && options.capabilities?.[needs] === false) continue;
    options.test(name, async () => runCase(options, kind, one), timeoutMs);
  }
}

async function runCase<Store, Capabilities extends StoreCapabilities>(
  options: SuiteOptions<Store, Capabilities>,
  kind: StoreKind<Store>,
  one: ConformanceCase<Store, Capabilities>,
): Promise<void> {
  const open = await openBench(options, kind);
  try {
    await kind.prepare(open.bench.store);
    await one.run(open.bench);
  } catch (error) {
    // What the case found says more than a clean-up that stumbles over it.
    await open.tearDown().catch(() => undefined);
    throw error;
  }
  await open.tearDown();
}
