import { describe } from 'vitest';
import { shops } from '../journeys/support/open-shop.js';
import { buy, press } from './support/customer.js';
import { browserTest, inBrowser, soon } from './support/in-browser.js';

describe.each(shops)('in $name', inBrowser, ({ name, createShop }) => {
  const picture = name.includes('Koa') ? 'koa' : 'express';

  browserTest(
    'buy, pay, come back: the page says paid and the order is shipped once',
    async ({ open, newTab, expect }) => {
      const { url, sandbox, orders } = await open(createShop);
      const tab = await newTab();
      await tab.page.goto(url);
      await tab.keep(`${picture}-1-shop`);
      await buy(tab, url);
      await tab.keep(`${picture}-2-checkout`);
      await press(tab, 'pay');
      await tab.says('Payment received');
      await tab.keep(`${picture}-3-paid`);
      expect(new URL(tab.page.url()).origin).toBe(url);
      expect(await tab.page.locator('main').innerText()).toContain('Tea · $4.50 USD');
      await sandbox.idle();
      await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
      await tab.page.goto(url);
      await tab.page.getByText('paid and shipped').waitFor();
      await tab.keep(`${picture}-4-shipped`);
      expect(tab.origins).toEqual(new Set([url, sandbox.url]));
    },
  );

  browserTest(
    'the customer is back before the webhook is: the page says paid, and it is shipped once',
    async ({ open, newTab, expect }) => {
      const { url, sandbox, orders } = await open(createShop, { scenarios: ['redirect-first'] });
      const tab = await newTab();
      await buy(tab, url);
      await press(tab, 'pay');
      await tab.says('Payment received');
      await expect.poll(orders, soon).toMatchObject([{ fulfilled: 1 }]);
      await sandbox.idle();
      expect(sandbox.deliveries).toMatchObject([{ state: 'delivered' }]);
      expect(orders()).toMatchObject([{ fulfilled: 1 }]);
    },
  );

  browserTest(
    'a subscription: subscribe, come back, be billed, each heard of once',
    async ({ open, newTab, expect }) => {
      const { sandbox, qbitflow } = await open(createShop);
      const heard: string[] = [];
      qbitflow.onAny(({ type }) => void heard.push(type));
      const { link, uuid } = await qbitflow.checkout.createSubscription({
        productName: 'Tea every month',
        price: 4.5,
        reference: 'subscription-1',
        frequency: { value: 1, unit: 'months' },
        trialPeriod: { value: 14, unit: 'days' },
      });
      const tab = await newTab();
      await tab.page.goto(link);
      await tab.keep(`${picture}-subscription-1-checkout`);
      await press(tab, 'pay');
      await tab.says('Subscription confirmed');
      await tab.keep(`${picture}-subscription-2-paid`);
      const main = tab.page.locator('main');
      expect(await main.innerText()).toContain('Tea every month · $4.50 USD');
      await expect.poll(() => heard, soon).toEqual(['subscription.created']);
      await sandbox.bill(uuid);
      await sandbox.idle();
      await expect
        .poll(() => heard.toSorted(), soon)
        .toEqual(['subscription.billed', 'subscription.created', 'subscription.statusChanged']);
    },
  );
});
