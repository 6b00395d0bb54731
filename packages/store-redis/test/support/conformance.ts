import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { durableStoreSuite } from '@qbitflow/conformance';
import { describe, test } from 'vitest';
import { redisStore } from '../../src/index.js';
import { openClient, type Library, type OpenClient } from './clients.js';
import { HAS_REDIS, REDIS_URL, removeKeys } from './shared-server.js';

const file = fileURLToPath(new URL('store-module.mjs', import.meta.url));

/** The published suite, over clients of one library. */
export function conformance(library: Library): void {
  describe.skipIf(!HAS_REDIS)(`over ${library}`, () => {
    durableStoreSuite({
      test,
      capabilities: { joinsTransactions: false },
      async createStore() {
        const prefix = `test-${randomUUID()}`;
        const clients: OpenClient[] = [];
        async function open() {
          const opened = await openClient(library, REDIS_URL);
          clients.push(opened);
          return redisStore({ client: opened.client, prefix });
        }
        return {
          store: await open(),
          reopen: open,
          openSecond: open,
          processModule: { file, argument: { library, url: REDIS_URL, prefix } },
          async cleanup() {
            for (const client of clients) client.close();
            await removeKeys(prefix);
          },
        };
      },
    });
  });
}
