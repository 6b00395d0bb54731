import type { DurableStore } from '@qbitflow/core';
import { join } from 'node:path';
import { test } from 'vitest';
import { durableStoreSuite } from '../src/index.js';
import { fullStore } from './support/full-store.js';
import { serveStore } from './support/serve-store.js';

const file = join(import.meta.dirname, 'support', 'remote-store.mjs');

// With every capability, so that every case of the suite is seen to pass on a correct store.
durableStoreSuite({
  test,
  async createStore() {
    const full = fullStore();
    const { store } = full;
    const served = await serveStore(store);
    const connect = async (): Promise<DurableStore> => ({ ...store });
    return {
      store: await connect(),
      reopen: connect,
      openSecond: connect,
      processModule: { file, argument: { port: served.port } },
      transaction: async (work) => full.transaction(work),
      cleanup: async () => served.close(),
    };
  },
});
