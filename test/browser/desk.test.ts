import { describe } from 'vitest';
import { busyActivity, openBusyShop, paymentId } from './support/desk-shop.js';
import { browserTest, inBrowser } from './support/in-browser.js';

const screens = [
  { name: 'desktop-light', colorScheme: 'light', viewport: { width: 1_280, height: 900 } },
  { name: 'desktop-dark', colorScheme: 'dark', viewport: { width: 1_280, height: 900 } },
  {
    name: 'phone-light',
    colorScheme: 'light',
    viewport: { width: 390, height: 780 },
    isMobile: true,
    deviceScaleFactor: 2,
  },
  {
    name: 'phone-dark',
    colorScheme: 'dark',
    viewport: { width: 390, height: 780 },
    isMobile: true,
    deviceScaleFactor: 2,
  },
] as const;

describe('the operator’s desk', inBrowser, () => {
  browserTest.for(screens)(
    'is read on $name',
    async ({ name, ...screen }, { newTab, onTestFinished, expect }) => {
      const { url, kit, clock } = await openBusyShop({
        finished: onTestFinished,
        desk: { authorize: () => 'Ada' },
      });
      Object.assign(kit.deliveries, { activity: async () => busyActivity(clock.now()) });
      const tab = await newTab(screen);
      const { page } = tab;
      const key = `payment.completed:${paymentId(42)}`;
      const pages = {
        now: '',
        list: '?view=deliveries',
        dead: '?view=deliveries&state=dead',
        delivery: `?key=${encodeURIComponent(key)}`,
        confirm: `?view=confirm&do=replay&key=${encodeURIComponent(key)}`,
      };
      for (const [which, query] of Object.entries(pages)) {
        await page.goto(`${url}/desk${query}`);
        await tab.keep(`desk-${which}-${name}`);
        expect(await tab.scrollWidth()).toBe(screen.viewport.width);
      }
    },
  );
});
