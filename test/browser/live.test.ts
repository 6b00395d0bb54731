import type { AddressInfo } from 'node:net';
import { describe } from 'vitest';
import { shops } from '../journeys/support/open-shop.js';
import { buy, comeBack, press } from './support/customer.js';
import { browserTest, inBrowser, soon } from './support/in-browser.js';

describe.each(shops)('an open page in $name', inBrowser, ({ name, createShop }) => {
  const picture = name.includes('Koa') ? 'koa' : 'express';

  browserTest.for(['v1', 'v2'] as const)(
    'goes from waiting to paid without being loaded again, on %s',
    async (generation, { open, newTab, expect }) => {
      const options = { generation, confirmationMs: 1_000 };
      const { url, sandbox, orders } = await open(createShop, options);
      const tab = await newTab();
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      const isSamePage = await tab.mark();
      await tab.keep(`${picture}-${generation}-waiting`);
      const live = (): number => sandbox.openWebSockets;
      await expect.poll(live, soon).toBe(generation === 'v1' ? 1 : 0);
      await sandbox.pay(uuid);
      await tab.says('Payment received');
      expect(await isSamePage()).toBe(true);
      await expect.poll(live, soon).toBe(0);
      await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
    },
  );

  browserTest(
    'shows an attempt that failed, and then that it is paid',
    async ({ open, newTab, expect }) => {
      const { url, orders } = await open(createShop);
      const [checkout, returned] = [await newTab(), await newTab()];
      const uuid = await buy(checkout, url);
      await comeBack(returned, url, uuid);
      await returned.says('Waiting for your payment');
      const isSamePage = await returned.mark();
      await press(checkout, 'fail');
      await checkout.page.getByText('The last attempt failed').waitFor();
      await checkout.keep(`${picture}-failed-1-checkout`);
      await returned.page.getByText('The last attempt did not go through').waitFor();
      expect(await returned.page.getByText('final confirmation').count()).toBe(0);
      await returned.keep(`${picture}-failed-2-page`);
      await press(checkout, 'pay');
      await returned.says('Payment received');
      expect(await returned.page.getByText('did not go through').count()).toBe(0);
      expect(await isSamePage()).toBe(true);
      await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
    },
  );

  browserTest.for(['v1', 'v2'] as const)(
    'says that the checkout has expired, on %s',
    async (generation, { open, newTab, expect }) => {
      const { url, sandbox, orders } = await open(createShop, { generation });
      const tab = await newTab();
      const uuid = await buy(tab, url);
      await press(tab, 'abandon');
      await tab.says('No payment yet');
      const isSamePage = await tab.mark();
      await tab.keep(`${picture}-expired-${generation}-1-cancelled`);
      await sandbox.expire(uuid);
      await tab.says('Checkout expired');
      await tab.keep(`${picture}-expired-${generation}-2-page`);
      expect(await isSamePage()).toBe(true);
      expect(orders()).toMatchObject([{ fulfilled: 0 }]);
    },
  );

  browserTest('gets to paid though its stream was cut', async ({ open, newTab, expect }) => {
    const { url, sandbox, server, orders } = await open(createShop);
    const tab = await newTab();
    const uuid = await buy(tab, url);
    await comeBack(tab, url, uuid);
    await tab.says('Waiting for your payment');
    const isSamePage = await tab.mark();
    tab.expectFailedRequests();
    server.closeAllConnections();
    await sandbox.pay(uuid);
    await tab.says('Payment received');
    expect(await isSamePage()).toBe(true);
    await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
  });

  browserTest(
    'gets to paid though the shop was down when it was paid, and no webhook got through',
    async ({ open, newTab, expect }) => {
      const { url, sandbox, server, orders } = await open(createShop);
      const tab = await newTab();
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      const isSamePage = await tab.mark();
      tab.expectFailedRequests();
      const { port } = server.address() as AddressInfo;
      server.close();
      server.closeAllConnections();
      await sandbox.pay(uuid);
      await sandbox.idle();
      expect(sandbox.deliveries).toMatchObject([{ state: 'failed' }]);
      server.listen(port, '127.0.0.1');
      await tab.says('Payment received');
      expect(await isSamePage()).toBe(true);
      await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
    },
  );
});
