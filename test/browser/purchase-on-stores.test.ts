import { memoryStore } from '@qbitflow/core';
import { describe } from 'vitest';
import { durableStores } from '../journeys/support/durable-stores.js';
import { shops } from '../journeys/support/open-shop.js';
import { buy, press } from './support/customer.js';
import { browserTest, inBrowser, soon } from './support/in-browser.js';

const memory = { name: 'memory', isThere: true, make: async () => ({ open: () => memoryStore() }) };
const oneByOne = { ...inBrowser, concurrent: false };

describe.each([memory, ...durableStores].filter(({ isThere }) => isThere))(
  'on $name',
  oneByOne,
  ({ make }) => {
    browserTest.for(shops)(
      'in $name: buy, pay, come back, and open the page once more: shipped once',
      async ({ createShop }, { open, newTab, expect }) => {
        const store = (await make()).open();
        const { url, sandbox, orders } = await open(createShop, { store });
        const tab = await newTab();
        await buy(tab, url);
        await press(tab, 'pay');
        await tab.says('Payment received');
        await sandbox.idle();
        await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
        await expect
          .poll(async () => store.prune({ doneForMs: 0, limit: 100 }), soon)
          .toBeGreaterThan(0);
        await tab.page.reload();
        await tab.says('Payment received');
        expect(orders()).toMatchObject([{ fulfilled: 1 }]);
      },
    );
  },
);
