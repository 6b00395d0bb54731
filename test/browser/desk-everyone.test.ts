import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { busyActivity, openBusyShop, paymentId } from './support/desk-shop.js';
import { faultsOf } from './support/faults.js';
import { browserTest, inBrowser } from './support/in-browser.js';

/** In both modes their pictures are taken, and axe-core reads them. */
const screens = [
  { name: 'desktop', viewport: { width: 1_280, height: 900 } },
  { name: 'phone', viewport: { width: 390, height: 780 }, isMobile: true, deviceScaleFactor: 2 },
] as const;
const MODES = ['light', 'dark'] as const;

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
  bulk: '?view=confirm&do=replay&state=dead&error=street&from=2026-11-01',
  missing: '?key=nothing',
};

/** Pages that a click leads to, each from where the one before it ended; the first from the delivery's own page. */
const CLICKS: readonly (readonly [name: string, click: (page: Page) => Promise<void>])[] = [
  ['asked', async (page) => page.getByRole('button', { name: 'Ask the API' }).click()],
  ['revealed', async (page) => page.getByRole('button', { name: 'Show what is masked' }).click()],
  [
    'held',
    async (page) => {
      await page.getByRole('link', { name: 'Discard…' }).click();
      await page.getByRole('button', { name: 'Discard this delivery' }).click();
      await page.getByText('It begins in 10 s.').waitFor();
    },
  ],
  [
    'undone',
    async (page) => {
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Nothing was changed.').waitFor();
    },
  ],
];

/** A dozen pages, looked at by axe-core: seconds on an idle machine. */
const PATIENT = { timeout: 240_000 };

describe('the operator’s desk', inBrowser, () => {
  browserTest.for(screens)(
    'is read by everyone, on $name',
    PATIENT,
    async ({ name, ...screen }, { newTab, onTestFinished, expect }) => {
      const { url, kit, clock } = await openBusyShop({ finished: onTestFinished, desk });
      Object.assign(kit.deliveries, { activity: async () => busyActivity(clock.now()) });
      const tab = await newTab(screen);
      tab.expectFailedRequests();
      const look = async (which: string): Promise<void> => {
        for (const colorScheme of MODES) {
          await tab.page.emulateMedia({ colorScheme });
          await tab.keep(`desk-${which}-${name}-${colorScheme}`);
          expect(await tab.scrollWidth(), which).toBe(screen.viewport.width);
          expect(await faultsOf(tab.page), `${which}, ${colorScheme}`).toEqual([]);
        }
      };
      for (const [which, query] of Object.entries(PAGES)) {
        await tab.page.goto(`${url}/desk${query}`);
        await look(which);
      }
      await tab.page.goto(`${url}/desk${PAGES.delivery}`);
      for (const [which, click] of CLICKS) {
        await click(tab.page);
        await look(which);
      }
      await tab.page.goto(`${url}/desk${PAGES.bulk}`);
      await tab.page.getByRole('button', { name: 'Replay 1 delivery' }).click();
      await tab.page.getByText('It begins in 10 s.').waitFor();
      await clock.advance(11_000);
      await tab.page.getByText('1 of 1 delivery replayed.').waitFor();
      await look('performed');
    },
  );

  browserTest(
    'at 320 pixels and in forced colours nothing is cut off or lost',
    PATIENT,
    async ({ newTab, onTestFinished, expect }) => {
      const { url } = await openBusyShop({ finished: onTestFinished, desk });
      const tab = await newTab({ viewport: { width: 320, height: 640 }, forcedColors: 'active' });
      tab.expectFailedRequests();
      const look = async (which: string): Promise<void> => {
        expect(await tab.scrollWidth(), which).toBe(320);
        expect(await faultsOf(tab.page), which).toEqual([]);
      };
      for (const [which, query] of Object.entries(PAGES)) {
        await tab.page.goto(`${url}/desk${query}`);
        await look(which);
      }
      await tab.page.goto(`${url}/desk${PAGES.delivery}`);
      for (const [which, click] of CLICKS) {
        await click(tab.page);
        await look(which);
      }
    },
  );
});
