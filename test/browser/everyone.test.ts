import { describe } from 'vitest';
import { oneShop } from '../journeys/support/open-shop.js';
import { buy, comeBack, press } from './support/customer.js';
import { browserTest, inBrowser } from './support/in-browser.js';

const phone = { viewport: { width: 390, height: 740 }, deviceScaleFactor: 2, isMobile: true };
const ONE_HOUR_MS = 3_600_000;

describe.each(oneShop)('everyone can read the page in $name', inBrowser, ({ createShop }) => {
  browserTest(
    'without script it loads itself again until it says paid',
    async ({ open, newTab }) => {
      const { url, sandbox } = await open(createShop);
      const tab = await newTab({ javaScriptEnabled: false });
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      await sandbox.pay(uuid);
      await tab.says('Payment received');
      // Not before: taking it may take longer than a page stays that loads itself again.
      await tab.keep('express-no-script-paid');
    },
  );

  browserTest.for(['light', 'dark'] as const)(
    'on a phone nothing is cut off, %s',
    async (colorScheme, { open, newTab, expect }) => {
      const { url } = await open(createShop, { confirmationMs: ONE_HOUR_MS });
      const tab = await newTab({ ...phone, colorScheme });
      await buy(tab, url);
      await tab.keep(`express-phone-${colorScheme}-1-checkout`);
      await press(tab, 'pay');
      await tab.says('Waiting for your payment');
      await tab.keep(`express-phone-${colorScheme}-2-waiting`);
      expect(await tab.scrollWidth()).toBe(390);
      const isLight = (await tab.backgroundColor()) === 'rgb(244, 245, 247)';
      expect(isLight).toBe(colorScheme === 'light');

      const paid = await open(createShop);
      await buy(tab, paid.url);
      await press(tab, 'pay');
      await tab.says('Payment received');
      await tab.keep(`express-phone-${colorScheme}-3-paid`);
      expect(await tab.scrollWidth()).toBe(390);
    },
  );

  browserTest.for(['success', 'cancel'] as const)(
    'on a phone a link that names nothing is explained, on the %s page',
    async (to, { open, newTab, expect }) => {
      const { url } = await open(createShop);
      const tab = await newTab(phone);
      tab.expectFailedRequests();
      await tab.page.goto(`${url}/qbitflow/${to}`);
      await tab.says('This link is incomplete');
      await tab.keep(`express-phone-${to}-invalid`);
      await comeBack(tab, url, 'pay@01a0c0c7-5a6b-4c7d-8e9f-ffffffffffff', to);
      await tab.says('Payment not found');
      await tab.keep(`express-phone-${to}-unknown`);
      expect(await tab.scrollWidth()).toBe(390);
    },
  );

  browserTest(
    'a screen reader finds a language, one heading, the steps, and hears the news',
    async ({ open, newTab, expect }) => {
      const { url, sandbox } = await open(createShop);
      const tab = await newTab();
      const { page } = tab;
      const uuid = await buy(tab, url);
      await comeBack(tab, url, uuid);
      await tab.says('Waiting for your payment');
      const current = page.locator('[aria-current=step]');
      expect(await page.locator('html').getAttribute('lang')).toBe('en');
      expect(await current.allInnerTexts()).toEqual(['Waiting for you to pay']);
      const status = await page.getByRole('status').elementHandle();
      await sandbox.pay(uuid);
      await tab.says('Payment received');
      // News are only read out where the element that holds them has stayed.
      expect(await status?.evaluate((element) => element.isConnected)).toBe(true);
      // Whether it can be managed already depends on its webhook.
      const heard = (await page.locator('body').ariaSnapshot())
        .replace(/(0x|pay@)[0-9a-f…-]+/g, '$1…')
        .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/, 'order')
        .replace(/\w+ \d+, \d{4} at \d+:\d\d\s[AP]M/, 'today')
        .replace(/ {2}- link "Manage payment":\n.*\n/, '');
      expect(heard.split('\n')).toEqual([
        '- main:',
        '  - img "Paid"',
        '  - heading "Payment received" [level=1]',
        '  - paragraph: $4.50 USD',
        '  - paragraph: "Test payment: no real money"',
        '  - status:',
        '    - paragraph: Thank you. Your payment is complete.',
        '  - region "Receipt":',
        '    - paragraph: Tea · $4.50 USD',
        '    - term: Order reference',
        '    - definition:',
        '      - text: order',
        '      - button "Copy order reference": Copy',
        '    - term: Date',
        '    - definition:',
        '      - time: today',
        '    - term: Paid with',
        '    - definition: 4.5 USDC',
        '    - term: Network',
        '    - definition: Ethereum',
        '    - term: Transaction',
        '    - definition:',
        '      - code: 0x…',
        '      - button "Copy transaction hash": Copy',
        '      - link "View on the block explorer":',
        '        - /url: https://explorer.invalid/tx/0x…',
        '    - term: Payment ID',
        '    - definition:',
        '      - code: pay@…',
        '      - button "Copy payment ID": Copy',
        '  - button "Print receipt"',
      ]);
    },
  );
});
