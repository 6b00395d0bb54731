import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { busyActivity, openBusyShop, paymentId } from './support/desk-shop.js';
import { browserTest, inBrowser } from './support/in-browser.js';

const desktop = { viewport: { width: 1_280, height: 900 } };
const phone = { viewport: { width: 390, height: 780 }, isMobile: true, deviceScaleFactor: 2 };
const screens = [
  { name: 'desktop-light', colorScheme: 'light', ...desktop },
  { name: 'desktop-dark', colorScheme: 'dark', ...desktop },
  { name: 'phone-light', colorScheme: 'light', ...phone },
  { name: 'phone-dark', colorScheme: 'dark', ...phone },
] as const;

const desk = { authorize: () => 'Ada' };
const key = encodeURIComponent(`payment.completed:${paymentId(42)}`);
const PAGES = {
  now: '',
  day: '?span=day',
  list: '?view=deliveries',
  dead: '?view=deliveries&state=dead',
  wrong: '?view=deliveries&from=yesterday',
  delivery: `?key=${key}`,
  confirm: `?view=confirm&do=discard&key=${key}`,
  missing: '?key=nothing',
};

/** Eight pages, looked at by axe-core: seconds on an idle machine. */
const PATIENT = { timeout: 240_000 };

/** What axe-core holds against a page by WCAG 2.2 AA, in words. */
async function faultsOf(page: Page): Promise<string[]> {
  // The page's policy lets no other script in, and needs not: this one comes by the debugger.
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ' ' + html.slice(0, 200))))`,
  );
}

describe('the operator’s desk', inBrowser, () => {
  browserTest.for(screens)(
    'is read by everyone, on $name',
    PATIENT,
    async ({ name, ...screen }, { newTab, onTestFinished, expect }) => {
      const { url, kit, clock } = await openBusyShop({ finished: onTestFinished, desk });
      Object.assign(kit.deliveries, { activity: async () => busyActivity(clock.now()) });
      const tab = await newTab(screen);
      tab.expectFailedRequests();
      for (const [which, query] of Object.entries(PAGES)) {
        await tab.page.goto(`${url}/desk${query}`);
        await tab.keep(`desk-${which}-${name}`);
        expect(await tab.scrollWidth()).toBe(screen.viewport.width);
        expect(await faultsOf(tab.page), which).toEqual([]);
      }
    },
  );

  browserTest(
    'at 320 pixels and in forced colours nothing is cut off or lost',
    PATIENT,
    async ({ newTab, onTestFinished, expect }) => {
      const { url } = await openBusyShop({ finished: onTestFinished, desk });
      const tab = await newTab({ viewport: { width: 320, height: 640 }, forcedColors: 'active' });
      tab.expectFailedRequests();
      for (const query of Object.values(PAGES)) {
        await tab.page.goto(`${url}/desk${query}`);
        expect(await tab.scrollWidth()).toBe(320);
        expect(await faultsOf(tab.page)).toEqual([]);
      }
    },
  );
});
