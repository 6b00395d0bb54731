import { join } from 'node:path';
import { test } from 'vitest';
import { durableStoreSuite } from '../src/index.js';
import { modelData } from './support/model-data.js';
import { inTransaction, modelStore } from './support/model-store.js';
import { serveStore } from './support/serve-store.js';

const file = join(import.meta.dirname, 'support', 'remote-store.mjs');

// With every capability, so that every case of the suite is seen to pass on a correct store.
durableStoreSuite({
  test,
  capabilities: { turnsClock: true },
  async createStore() {
    const data = modelData();
    const served = await serveStore(modelStore(data));
    const connect = async () => modelStore(data);
    return {
      store: await connect(),
      reopen: connect,
      openSecond: connect,
      processModule: { file, argument: { port: served.port } },
      transaction: inTransaction,
      turnClock: async (byMs) => data.turnClock(byMs),
      cleanup: async () => served.close(),
    };
  },
});
