import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createQBitFlow, type QBitFlow, type ReturnPageOptions } from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { describe, type onTestFinished } from 'vitest';
import { press } from './support/customer.js';
import { browserTest, inBrowser } from './support/in-browser.js';
import { strictShops } from './support/strict-shops.mjs';

type CreateListener = (qbitflow: QBitFlow, success: ReturnPageOptions) => RequestListener;

const isBuyer: ReturnPageOptions['authorize'] = ({ headers }) =>
  headers['cookie'] === 'session=buyer';

/** A shop on another site than QBitFlow: `localhost` is one, and `127.0.0.1` another. */
async function openShop(
  { listener }: { readonly listener: CreateListener },
  finished: typeof onTestFinished,
) {
  const sandbox = await startSandbox();
  const server = createServer().listen(0, 'localhost');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://localhost:${(server.address() as AddressInfo).port}`;
  const { apiKey, secret: webhookSecret, v2Url: baseUrl } = sandbox;
  const publicUrl = `${url}/qbitflow`;
  const qbitflow = createQBitFlow({ apiKey, webhookSecret, baseUrl, publicUrl });
  server.on('request', listener(qbitflow, { authorize: isBuyer }));
  finished(async () => {
    server.close();
    server.closeAllConnections();
    await Promise.all([qbitflow.close(), sandbox.close()]);
  });
  const { link } = await qbitflow.checkout.createPayment({ productName: 'Tea', price: 4.5 });
  return { url, link };
}

describe.each(strictShops)('a shop in $name with a strict session', inBrowser, (shop) => {
  browserTest(
    'shows the buyer who comes back from the checkout that it is paid',
    async ({ newTab, onTestFinished }) => {
      const { url, link } = await openShop(shop, onTestFinished);
      const tab = await newTab();
      await tab.page.goto(`${url}/login`);
      await tab.page.goto(link);
      await press(tab, 'pay');
      await tab.says('Payment received');
      await tab.page.reload();
      await tab.says('Payment received');
    },
  );

  browserTest(
    'shows a stranger with the same link nothing',
    async ({ newTab, expect, onTestFinished }) => {
      const { link } = await openShop(shop, onTestFinished);
      const tab = await newTab();
      tab.expectFailedRequests();
      await tab.page.goto(link);
      await press(tab, 'pay');
      await tab.says('Payment not found');
      expect(await tab.page.locator('meta[http-equiv=refresh]').count()).toBe(0);
    },
  );
});
