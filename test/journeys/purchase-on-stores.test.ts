import { memoryStore } from '@qbitflow/core';
import type { SandboxOptions } from '@qbitflow/sandbox';
import { describe, expect, test } from 'vitest';
import { buy, press, untilItSays, visit } from './support/customer.js';
import { durableStores } from './support/durable-stores.js';
import { openShop, shops } from './support/open-shop.js';

const memory = { name: 'memory', isThere: true, make: async () => ({ open: () => memoryStore() }) };

describe.each([memory, ...durableStores].filter(({ isThere }) => isThere))(
  'on $name',
  ({ make }) => {
    describe.each(shops)('$name', ({ createShop }) => {
      test.each([
        ['as usual', {}],
        ['the customer back first', { scenarios: ['redirect-first'] }],
        ['every webhook twice, of both generations', { scenarios: ['duplicate'], deliver: 'both' }],
      ] as const)(
        'buy, pay, come back: shipped once, and known ever after (%s)',
        async (_how, { scenarios = [], ...sandboxOptions }: SandboxOptions) => {
          const store = (await make()).open();
          const { url, sandbox, orders, qbitflow } = await openShop(createShop, scenarios, {
            ...sandboxOptions,
            store,
          });
          const back = await press(await buy(url), 'pay');
          await untilItSays(back, '>Payment received</h1>');
          await expect.poll(orders, { timeout: 10_000 }).toMatchObject([{ fulfilled: 1 }]);
          await sandbox.idle();
          // Done and forgotten but for its key: the bookmarked page ships nothing again.
          await expect
            .poll(async () => store.prune({ doneForMs: 0, limit: 100 }))
            .toBeGreaterThan(0);
          expect((await visit(back.url)).text).toContain('>Payment received</h1>');
          await expect.poll(async () => (await qbitflow.deliveries.stats()).due).toBe(0);
          expect(orders()).toMatchObject([{ fulfilled: 1 }]);
        },
      );
    });
  },
);
