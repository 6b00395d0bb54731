import type { Server } from 'node:http';
import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { shops } from '../journeys/support/open-shop.js';
import { buy, comeBack } from './support/customer.js';
import { browserTest, inBrowser, soon } from './support/in-browser.js';
import { openTab } from './support/tab.js';

/** Counts the requests of event streams: how many there were, and how many are open. */
function countStreams(server: Server) {
  const streams = { opened: 0, open: 0 };
  server.on('request', (request, response) => {
    if (request.headers.accept !== 'text/event-stream') return;
    streams.opened += 1;
    streams.open += 1;
    response.once('close', () => (streams.open -= 1));
  });
  return streams;
}

/** As a browser does when the customer turns to another tab, or comes back. Chromium without a screen never does. */
async function turnTab(page: Page, state: 'away' | 'back'): Promise<void> {
  await page.evaluate(`{
    Object.defineProperty(document, 'hidden', { configurable: true, value: ${state === 'away'} });
    document.dispatchEvent(new Event('visibilitychange'));
  }`);
}

describe.each(shops)('pages that wait, in $name', inBrowser, ({ createShop }) => {
  browserTest(
    'seven tabs of one browser leave the shop reachable, and each gets to paid',
    async ({ open, newTab, onTestFinished, expect }) => {
      const { url, sandbox, server } = await open(createShop);
      const streams = countStreams(server);
      const first = await newTab();
      const uuid = await buy(first, url);
      await comeBack(first, url, uuid);
      const tabs = [first];
      while (tabs.length < 7) {
        const tab = await openTab(first.page.context(), onTestFinished);
        await comeBack(tab, url, uuid);
        await tab.says('Waiting for your payment');
        tabs.push(tab);
      }
      expect(streams.open).toBeLessThanOrEqual(2);
      const shop = await openTab(first.page.context(), onTestFinished);
      await shop.page.goto(url);
      await shop.page.getByRole('button', { name: 'Buy' }).waitFor();
      await sandbox.pay(uuid);
      for (const tab of tabs) await tab.says('Payment received');
      await expect.poll(() => streams.open, soon).toBe(0);
    },
  );

  browserTest(
    'a tab that is turned away from holds no stream; turned back to, it shows what happened meanwhile',
    async ({ open, newTab, expect }) => {
      const { url, sandbox, server } = await open(createShop);
      const streams = countStreams(server);
      const tab = await newTab();
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      await expect.poll(() => streams.open, soon).toBe(1);
      const isSamePage = await tab.mark();
      await turnTab(tab.page, 'away');
      await expect.poll(() => streams.open, soon).toBe(0);
      await turnTab(tab.page, 'back');
      await expect.poll(() => streams.open, soon).toBe(1);
      await turnTab(tab.page, 'away');
      await sandbox.pay(uuid);
      await turnTab(tab.page, 'back');
      await tab.says('Payment received');
      expect(await isSamePage()).toBe(true);
      await expect.poll(() => streams.open, soon).toBe(0);
    },
  );

  browserTest.for(['of a payment that ends', 'of an id that nobody knows'] as const)(
    'a standard EventSource %s does not come back',
    async (what, { open, newTab, expect }) => {
      const { url, sandbox, server } = await open(createShop);
      const tab = await newTab();
      const bought = await buy(tab, url);
      const uuid = what === 'of a payment that ends' ? bought : 'pay@nobody-knows';
      await tab.page.goto(url);
      const streams = countStreams(server);
      const ended = tab.page.evaluate<string[]>(`new Promise((resolve) => {
        const states = [];
        const source = new EventSource('/qbitflow/status/${encodeURIComponent(uuid)}');
        source.addEventListener('status', (event) => states.push(JSON.parse(event.data).state));
        source.addEventListener('error', () => { if (source.readyState === 2) resolve(states); });
      })`);
      await expect.poll(() => streams.opened, soon).toBeGreaterThanOrEqual(1);
      if (uuid === bought) await sandbox.pay(uuid);
      expect((await ended).at(-1)).toBe(uuid === bought ? 'paid' : 'unknown');
      expect(streams).toEqual({ opened: 2, open: 0 });
    },
  );
});
