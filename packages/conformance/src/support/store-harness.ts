import type { StoreCapabilities, StoreUnderTest, SuiteOptions } from '../suite-options.js';
import { startStoreProcess, type StoreProcess } from './store-process.js';

/** What a case works with. Everything opened here is closed when the case ends. */
export interface Bench<Store> {
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

interface OpenBench<Store> {
  readonly bench: Bench<Store>;
  tearDown(): Promise<void>;
}

/** Makes a fresh store, not yet prepared, and everything a case needs around it. */
export async function openBench<Store>(
  options: SuiteOptions<Store, StoreCapabilities>,
  kind: StoreKind<Store>,
): Promise<OpenBench<Store>> {
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

  const bench: Bench<Store> = {
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
  return { bench, tearDown };
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
