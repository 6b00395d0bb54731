import type { DurableStore, IdempotencyStore } from '@qbitflow/core';
import {
  createRunner,
  durableStoreSuite,
  idempotencyStoreSuite,
  type DurableStoreSuiteOptions,
  type Runner,
} from '../../src/index.js';
import { mapStore } from './map-store.js';
import { modelData, type ModelData } from './model-data.js';
import { inTransaction, modelStore, plainStore } from './model-store.js';

/** What is asked of a store whose data is its own. */
const ALONE = {
  survivesRestart: false,
  sharedBetweenConnections: false,
  sharedBetweenProcesses: false,
};

const PATIENCE = { patienceMs: 400 };
const cleanup = async () => undefined;

async function failedIn(
  runner: Runner,
  only: (name: string) => boolean = () => true,
): Promise<readonly string[]> {
  const results = await runner.run({ concurrency: 100, only });
  return results.filter(({ ok }) => !ok).map(({ name }) => name);
}

/** Runs the durable suite, or some of it, on stores that `spoil` makes of correct ones; resolves with the names of failed cases. */
export async function failingCases(
  spoil: (store: DurableStore, data: ModelData) => DurableStore,
  only?: (name: string) => boolean,
): Promise<readonly string[]> {
  const runner = createRunner();
  durableStoreSuite({
    ...PATIENCE,
    test: runner.test,
    capabilities: { ...ALONE, announcesDue: false, joinsTransactions: false, turnsClock: true },
    async createStore() {
      const data = modelData();
      return {
        store: spoil(plainStore(data), data),
        turnClock: async (byMs) => data.turnClock(byMs),
        cleanup,
      };
    },
  });
  return failedIn(runner, only);
}

/** The same with stores that have everything. `connections` is called for each case's data and gives what opens a connection. */
export async function failingConnections({
  connections = () => (store) => store,
  reopen,
}: {
  connections?: (data: ModelData) => (store: DurableStore) => DurableStore;
  reopen?: () => DurableStore;
}): Promise<readonly string[]> {
  const runner = createRunner();
  const createStore: DurableStoreSuiteOptions['createStore'] = async () => {
    const data = modelData();
    const spoil = connections(data);
    const connect = async () => spoil(modelStore(data));
    return {
      store: await connect(),
      openSecond: connect,
      reopen: async () => reopen?.() ?? connect(),
      transaction: inTransaction,
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
    capabilities: ALONE,
    createStore: async () => ({ store: spoil(mapStore()), cleanup }),
  });
  return failedIn(runner);
}
