import { describe } from 'vitest';
import { oneShop } from '../journeys/support/open-shop.js';
import { buy, comeBack, press } from './support/customer.js';
import { browserTest, inBrowser } from './support/in-browser.js';
import { type Between, putBehind } from './support/put-behind.js';

/** Ways in which the page's one script is kept from running, or from doing anything. */
const scriptStoppers: Readonly<Record<string, Between>> = {
  "a proxy that adds script-src 'self'": { policy: "script-src 'self'" },
  'a proxy that wants trusted types': { policy: "require-trusted-types-for 'script'" },
  'a proxy that lets scripts run and fetch nothing': { policy: "connect-src 'none'" },
  'a CDN that runs scripts itself': {
    html: (text) => text.replace('<script>', '<script type="a1b2c3-text/javascript">'),
  },
  'a CDN that puts scripts off': {
    html: (text) => text.replace('<script>', '<script type="module">'),
  },
  'a minifier': { html: (text) => text.replace(/\s+/g, ' ') },
  'a filter that takes scripts away': {
    html: (text) => text.replace(/<script>[^]*<\/script>/, ''),
  },
};

/** Helmet's default, as it concerns forms. */
const formsStayHere: Between = { policy: "form-action 'self'; frame-ancestors 'self'" };

describe.each(oneShop)('between $name and the browser', inBrowser, ({ createShop }) => {
  browserTest.for(Object.keys(scriptStoppers))(
    'stands %s: the page comes to say paid',
    async (name, { open, newTab, onTestFinished }) => {
      const { url, sandbox, server } = await open(createShop);
      await putBehind(server, scriptStoppers[name] ?? {}, onTestFinished);
      const tab = await newTab();
      tab.expectViolations();
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      await sandbox.pay(uuid);
      await tab.says('Payment received');
    },
  );

  browserTest.for<[string, Between]>([
    ['nothing', {}],
    ['a minifier that takes comments away', { html: (text) => text.replaceAll('<!-- -->', '') }],
  ])(
    'stands %s: where its script runs the page is not to be loaded again',
    async ([, between], { open, newTab, expect, onTestFinished }) => {
      const { url, sandbox, server } = await open(createShop);
      await putBehind(server, between, onTestFinished);
      const tab = await newTab();
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      const isSamePage = await tab.mark();
      expect(await tab.page.locator('meta[http-equiv=refresh]').count()).toBe(0);
      await sandbox.pay(uuid);
      await tab.says('Payment received');
      expect(await isSamePage()).toBe(true);
    },
  );

  browserTest(
    'stands a policy that keeps forms at home: the button leads to the checkout, and back to the shop',
    async ({ open, newTab, expect, onTestFinished }) => {
      const { url, sandbox, server } = await open(createShop);
      await putBehind(server, formsStayHere, onTestFinished);
      const tab = await newTab();
      const uuid = await buy(tab, url);
      expect(new URL(tab.page.url()).origin).toBe(sandbox.url);
      // The page in between does not send on who goes back: it is no place in the history.
      await tab.page.goBack();
      expect(tab.page.url()).toBe(`${url}/`);
      await tab.page.goForward();
      expect(decodeURIComponent(tab.page.url())).toContain(uuid);
      await press(tab, 'pay');
      await tab.says('Payment received');
    },
  );

  browserTest(
    "stands a frame of the shop's own: the page is shown in it, and follows the payment",
    async ({ open, newTab, expect }) => {
      const { url, sandbox, qbitflow } = await open(createShop);
      const { uuid } = await qbitflow.checkout.createPayment({ productName: 'Tea', price: 4.5 });
      const tab = await newTab();
      await tab.page.goto(url);
      const src = `/qbitflow/success?uuid=${encodeURIComponent(uuid)}`;
      await tab.page.evaluate(
        `document.body.append(Object.assign(document.createElement('iframe'), { src: '${src}' }))`,
      );
      const heading = tab.page.frameLocator('iframe').getByRole('heading', { level: 1 });
      await expect.poll(async () => heading.innerText()).toBe('Waiting for your payment');
      await sandbox.pay(uuid);
      await heading.filter({ hasText: 'Payment received' }).waitFor();
    },
  );

  browserTest(
    'stands a rewrite that ends addresses in a slash: the page follows the payment live',
    async ({ open, newTab, expect }) => {
      const { url, sandbox } = await open(createShop);
      const tab = await newTab();
      const uuid = await buy(tab, url);
      await tab.page.goto(`${url}/qbitflow/success/?uuid=${encodeURIComponent(uuid)}`);
      await tab.says('Waiting for your payment');
      const isSamePage = await tab.mark();
      const stream = `${url}/qbitflow/status/${encodeURIComponent(uuid)} `;
      await expect.poll(() => tab.headers.some((line) => line.startsWith(stream))).toBe(true);
      await sandbox.pay(uuid);
      await tab.says('Payment received');
      expect(await isSamePage()).toBe(true);
    },
  );
});
