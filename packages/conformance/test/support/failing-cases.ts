import { memoryStore, type DurableStore, type IdempotencyStore } from '@qbitflow/core';
import {
  createRunner,
  durableStoreSuite,
  idempotencyStoreSuite,
  type DurableStoreSuiteOptions,
  type Runner,
} from '../../src/index.js';
import { fullStore } from './full-store.js';
import { mapStore } from './map-store.js';

const IN_MEMORY = {
  survivesRestart: false,
  sharedBetweenConnections: false,
  sharedBetweenProcesses: false,
  keepsDoneBodies: false,
  announcesDue: false,
  joinsTransactions: false,
};

const PATIENCE = { patienceMs: 400 };
const cleanup = async () => undefined;

async function failedIn(runner: Runner): Promise<readonly string[]> {
  const results = await runner.run({ concurrency: 100 });
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** Runs the durable suite on stores that `spoil` makes of correct ones; resolves with the names of failed cases. */
export async function failingCases(
  spoil: (store: DurableStore) => DurableStore,
): Promise<readonly string[]> {
  const runner = createRunner();
  durableStoreSuite({
    ...PATIENCE,
    test: runner.test,
    capabilities: IN_MEMORY,
    createStore: async () => ({ store: spoil(memoryStore()), cleanup }),
  });
  return failedIn(runner);
}

/** The same with stores that have everything. `connections` is called for each case and gives what opens a connection. */
export async function failingConnections({
  connections = () => (store) => store,
  reopen,
}: {
  connections?: () => (store: DurableStore) => DurableStore;
  reopen?: () => DurableStore;
}): Promise<readonly string[]> {
  const runner = createRunner();
  const createStore: DurableStoreSuiteOptions['createStore'] = async () => {
    const full = fullStore();
    const connect = connections();
    return {
      store: connect(full.store),
      openSecond: async () => connect(full.store),
      reopen: async () => reopen?.() ?? connect(full.store),
      transaction: async (work) => full.transaction(work),
      cleanup,
    };
  };
  const capabilities = { sharedBetweenProcesses: false };
  durableStoreSuite({ ...PATIENCE, test: runner.test, capabilities, createStore });
  return failedIn(runner);
}

/** Runs the idempotency suite on stores that `spoil` makes of correct ones. */
export async function failingClaims(
  spoil: (store: IdempotencyStore) => IdempotencyStore,
): Promise<readonly string[]> {
  const runner = createRunner();
  idempotencyStoreSuite({
    ...PATIENCE,
    test: runner.test,
    capabilities: IN_MEMORY,
    createStore: async () => ({ store: spoil(mapStore()), cleanup }),
  });
  return failedIn(runner);
}
