import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CheckoutParams, createQBitFlow } from '@qbitflow/core';
import { describe, type onTestFinished } from 'vitest';
import { faultsOf, WCAG_AA } from './support/faults.js';
import { browserTest, inBrowser } from './support/in-browser.js';
import { brand } from './support/page-states.js';

const TEA = { productName: 'Tea', description: 'A tin', price: 4.5 };

/** What is bought, and what comes of it: the heading in German. */
const BUTTONS = {
  nothing: 'Der Bezahlvorgang konnte nicht gestartet werden',
  broken: 'Der Bezahlvorgang konnte nicht gestartet werden',
  away: 'Der Bezahlvorgang konnte nicht gestartet werden',
  paid: 'Zahlung eingegangen',
} as const;

function sold(url: string): CheckoutParams | undefined {
  if (url === '/nothing') return undefined;
  if (url === '/broken') throw new Error('no database');
  return url === '/paid' ? { ...TEA, reference: 'o-1', replaces: 'pay@1' } : TEA;
}

/** A shop with a button for each. Returns its address. */
async function openButtons(finished: typeof onTestFinished): Promise<string> {
  const kit = createQBitFlow({
    apiKey: 'sk_test_x',
    baseUrl: 'https://api.invalid/v2',
    webhookSecret: false,
    logger: false,
    brand,
    fetch: async (input) =>
      String(input instanceof Request ? input.url : input).endsWith('/status')
        ? Response.json({ status: 'completed' })
        : Response.json({ error: 'no' }, { status: 403 }),
  });
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    if (method === 'GET') {
      const forms = Object.keys(BUTTONS).map(
        (what) => `<form method="post" action="/${what}"><button>${what}</button></form>`,
      );
      response.setHeader('content-type', 'text/html');
      response.end(`<!doctype html><title>Shop</title>${forms.join('')}`);
      return;
    }
    const asked = { method, url, headers };
    void kit
      .handleCheckout(asked, () => sold(url))
      .then((answer) => {
        response.writeHead(answer.status, answer.headers).end(answer.body);
      });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  finished(async () => {
    server.closeAllConnections();
    server.close();
    await kit.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

describe('the checkout button’s page', inBrowser, () => {
  browserTest.for([
    { name: 'desktop-light', viewport: { width: 1_280, height: 800 }, colorScheme: 'light' },
    { name: 'phone-dark', viewport: { width: 390, height: 780 }, colorScheme: 'dark' },
  ] as const)(
    'is in the shop’s brand and the customer’s language, on $name',
    async ({ name, ...screen }, { newTab, onTestFinished, expect }) => {
      const url = await openButtons(onTestFinished);
      const tab = await newTab({ locale: 'de-DE', ...screen });
      tab.expectFailedRequests();
      for (const [what, heading] of Object.entries(BUTTONS)) {
        await tab.page.goto(url);
        await tab.page.getByRole('button', { name: what }).click();
        await tab.page.getByRole('heading', { level: 1, name: heading }).waitFor();
        const home = tab.page.getByRole('link', { name: 'Zurück zu ' });
        expect(await home.getAttribute('href')).toBe(brand.homeUrl);
        expect(await tab.page.getByRole('img', { name: brand.name }).isVisible()).toBe(true);
        await tab.keep(`checkout-${what}-${name}`);
        expect(await tab.scrollWidth()).toBe(screen.viewport.width);
        expect(await faultsOf(tab.page, [...WCAG_AA, 'best-practice']), what).toEqual([]);
      }
    },
  );
});
