import type { DurableStore } from '@qbitflow/core';
import type {
  DurableStoreCapabilities,
  StoreCapabilities,
  StoreUnderTest,
  SuiteOptions,
} from '../suite-options.js';
import { startStoreProcess, type StoreProcess } from './store-process.js';

/** What a case works with. Everything opened here is closed when the case ends. */
export interface StoreHarness<Store> {
  readonly store: Store;
  /** The short lease, in ms: long enough to be noticed, short enough to wait for. */
  readonly leaseMs: number;
  readonly patienceMs: number;
  readonly granularityMs: number;
  /** The same data after a restart. */
  reopen(): Promise<Store>;
  /** Another connection to the same data. */
  openSecond(): Promise<Store>;
  /** Other processes on the same data. */
  openProcesses(count: number): Promise<readonly StoreProcess[]>;
  /** Runs `work` in a transaction of the merchant's. */
  transaction(work: (tx: unknown) => Promise<void>): Promise<void>;
  /** Turns the clock that the store looks at. */
  turnClock(byMs: number): Promise<void>;
}

/** How a kind of store is made ready and let go. */
export interface StoreKind<Store> {
  prepare(store: Store): Promise<void>;
  release(store: Store): Promise<void>;
}

interface OpenHarness<Store> {
  readonly harness: StoreHarness<Store>;
  tearDown(): Promise<void>;
}

/** Makes a fresh store, not yet prepared, and everything a case needs around it. */
export async function openHarness<Store>(
  options: SuiteOptions<Store, StoreCapabilities>,
  kind: StoreKind<Store>,
): Promise<OpenHarness<Store>> {
  const under = await options.createStore();
  const processes: StoreProcess[] = [];
  const stores: Store[] = [under.store];
  const granularityMs = options.capabilities?.granularityMs ?? 1;

  async function opened(store: Store): Promise<Store> {
    stores.push(store);
    await kind.prepare(store);
    return store;
  }

  async function tearDown(): Promise<void> {
    await Promise.all(processes.map(async (one) => one.kill()));
    try {
      await Promise.all(stores.map(async (store) => kind.release(store)));
    } finally {
      await under.cleanup();
    }
  }

  const harness: StoreHarness<Store> = {
    store: under.store,
    leaseMs: Math.max(options.leaseMs ?? 150, granularityMs * 2),
    patienceMs: options.patienceMs ?? 10_000,
    granularityMs,
    reopen: async () => opened(await given(under, 'reopen')()),
    openSecond: async () => opened(await given(under, 'openSecond')()),
    async openProcesses(count) {
      const module = given(under, 'processModule');
      const starting = Array.from({ length: count }, async () => startStoreProcess(module));
      // One that fails must not hide the others from the clean-up.
      for (const start of await Promise.allSettled(starting))
        if (start.status === 'fulfilled') processes.push(start.value);
      return Promise.all(starting);
    },
    transaction: async (work) => given(under, 'transaction')(work),
    turnClock: async (byMs) => given(under, 'turnClock')(byMs),
  };
  return { harness, tearDown };
}

type Optional = 'reopen' | 'openSecond' | 'processModule' | 'transaction' | 'turnClock';

function given<Store, Field extends Optional>(
  under: StoreUnderTest<Store>,
  field: Field,
): NonNullable<StoreUnderTest<Store>[Field]> {
  const value = under[field];
  if (value !== undefined) return value;
  throw new Error(
    `createStore gave no \`${field}\`, which this case needs: add it, or say in \`capabilities\` what the store cannot do`,
  );
}

/** One behaviour. `needs` names the capabilities without which it cannot be asked for. */
export interface ConformanceCase<Store, Capabilities> {
  readonly name: string;
  readonly needs?: keyof Capabilities | readonly (keyof Capabilities)[];
  /** `false`: the case prepares the store itself. */
  readonly isPrepared?: boolean;
  run(harness: StoreHarness<Store>): Promise<void>;
}

/** `Array.isArray` does not tell a read-only list from what is none. */
function isList<Item extends PropertyKey>(some: Item | readonly Item[]): some is readonly Item[] {
  return typeof some === 'object';
}

/** Hands every case the store is capable of to the caller's test runner. */
export function registerCases<Store, Capabilities extends StoreCapabilities>(
  cases: readonly ConformanceCase<Store, Capabilities>[],
  kind: StoreKind<Store>,
  options: SuiteOptions<Store, Capabilities>,
): void {
  const timeoutMs = 60_000 + 3 * (options.patienceMs ?? 10_000);
  for (const one of cases) {
    const { name, needs = [] } = one;
    const all = isList(needs) ? needs : [needs];
    if (all.some((need) => options.capabilities?.[need] === false)) continue;
    options.test(name, async () => runCase(options, kind, one), timeoutMs);
  }
}

async function runCase<Store, Capabilities extends StoreCapabilities>(
  options: SuiteOptions<Store, Capabilities>,
  kind: StoreKind<Store>,
  one: ConformanceCase<Store, Capabilities>,
): Promise<void> {
  const open = await openHarness(options, kind);
  try {
    if (one.isPrepared !== false) await kind.prepare(open.harness.store);
    await one.run(open.harness);
  } catch (error) {
    // What the case found says more than a clean-up that stumbles over it.
    await open.tearDown().catch(() => undefined);
    throw error;
  }
  await open.tearDown();
}

/** One behaviour of a durable store. */
export type DurableCase = ConformanceCase<DurableStore, DurableStoreCapabilities>;

/** What a case about a durable store works with. */
export type DurableHarness = StoreHarness<DurableStore>;
