import type { Page } from 'playwright-core';
import { describe } from 'vitest';
import { faultsOf, WCAG_AA } from './support/faults.js';
import { browserTest, inBrowser } from './support/in-browser.js';
import { brand, openState, pageStates } from './support/page-states.js';

const RULES = [...WCAG_AA, 'best-practice'];

const WINDOW = { width: 1280, height: 720 };

/** Ways of looking at a page. At 200 % a window of 1280 px has 640 of the page's, and half the height. */
const ways = {
  light: {},
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
  '200 % zoom': { width: 640, height: 360 },
  '320 px': { width: 320, height: 640 },
  'reduced motion': { reducedMotion: 'reduce' },
} as const;

type Way = Partial<typeof WINDOW> & Parameters<Page['emulateMedia']>[0];

/** A page that is open follows its window and its system: loading it again for each would take most of the time. */
async function lookAt(page: Page, { width, height, ...media }: Way): Promise<void> {
  await page.emulateMedia({
    colorScheme: 'light',
    forcedColors: 'none',
    reducedMotion: 'no-preference',
    ...media,
  });
  await page.setViewportSize({ width: width ?? WINDOW.width, height: height ?? WINDOW.height });
}

const inOrder = { ...inBrowser, concurrent: false, timeout: 120_000 } as const;

describe('WCAG 2.2 AA', inOrder, () => {
  browserTest.for(pageStates)(
    `${Object.keys(ways).join(', ')}: $name`,
    async (state, { newTab, expect, onTestFinished }) => {
      const tab = await newTab({ deviceScaleFactor: 2 });
      tab.expectFailedRequests();
      const url = await openState(state, { finished: onTestFinished });
      for (const lang of ['en', 'ar']) {
        await tab.page.goto(`${url}&lang=${lang}`);
        await tab.page.locator('h1').waitFor();
        for (const [name, way] of Object.entries<Way>(ways)) {
          await lookAt(tab.page, way);
          expect([lang, name, await faultsOf(tab.page, RULES)]).toEqual([lang, name, []]);
          expect(await tab.scrollWidth()).toBe(way.width ?? WINDOW.width);
        }
      }
    },
  );

  browserTest.for(['#ffffff', '#ffd400', '#000000', '#7f7f7f', '#00ff00'])(
    'whatever the accent: %s',
    async (accent, { newTab, expect, onTestFinished }) => {
      const [state] = pageStates;
      if (state === undefined) throw new Error('there is no state');
      const page = { brand: { ...brand, accent } };
      const url = await openState(state, { page, finished: onTestFinished });
      const tab = await newTab();
      for (const colorScheme of ['light', 'dark'] as const) {
        await tab.page.emulateMedia({ colorScheme });
        await tab.page.goto(url);
        expect(await faultsOf(tab.page, RULES)).toEqual([]);
      }
    },
  );

  browserTest('a fault is found', async ({ newTab, expect, onTestFinished }) => {
    const [state] = pageStates;
    if (state === undefined) throw new Error('there is no state');
    const url = await openState(state, { finished: onTestFinished });
    const tab = await newTab();
    await tab.page.goto(url);
    await tab.page.evaluate("document.querySelector('h1').style.color = '#ccc'");
    expect(await faultsOf(tab.page, RULES)).toEqual([
      expect.stringMatching(/^color-contrast: <h1/),
    ]);
    // Light grey is a fault of the light page alone: what has changed since is seen.
    await lookAt(tab.page, ways.dark);
    expect(await faultsOf(tab.page, RULES)).toEqual([]);
    await lookAt(tab.page, ways.light);
    expect(await faultsOf(tab.page, RULES)).toHaveLength(1);
  });

  browserTest(
    'without script it says all the same, and shows no button that does nothing',
    async ({ newTab, expect, onTestFinished }) => {
      const tab = await newTab({ javaScriptEnabled: false });
      tab.expectFailedRequests();
      for (const state of pageStates) {
        const url = await openState(state, { finished: onTestFinished });
        await tab.page.goto(url);
        expect(await tab.page.locator('h1').isVisible()).toBe(true);
        expect(await tab.page.locator('button:visible').count()).toBe(0);
        const texts = await tab.page.locator('time').allInnerTexts();
        for (const text of texts.slice(0, 1)) expect(text).toMatch(/\(UTC\)$|2026$/);
      }
    },
  );
});
