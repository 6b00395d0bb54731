import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { test } from 'vitest';
import { idempotencyStoreSuite } from '../src/index.js';
import { mapStore } from './support/map-store.js';
import { serveStore } from './support/serve-store.js';

const file = pathToFileURL(join(import.meta.dirname, 'support', 'remote-store.mjs')).href;

idempotencyStoreSuite({
  test,
  async createStore() {
    const store = mapStore();
    const served = await serveStore(store);
    return {
      store,
      reopen: async () => ({ ...store }),
      openSecond: async () => ({ ...store }),
      processModule: { file, argument: { port: served.port } },
      cleanup: async () => served.close(),
    };
  },
});
