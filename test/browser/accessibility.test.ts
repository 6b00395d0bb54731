import type { BrowserContextOptions } from 'playwright-core';
import { describe } from 'vitest';
import { faultsOf, WCAG_AA } from './support/faults.js';
import { browserTest, inBrowser } from './support/in-browser.js';
import { brand, openState, pageStates } from './support/page-states.js';

const RULES = [...WCAG_AA, 'best-practice'];

/** Ways of looking at a page. At 200 % a window of 1280 px has 640 of the page's, and half the height. */
const ways: Readonly<Record<string, BrowserContextOptions>> = {
  light: { colorScheme: 'light' },
  dark: { colorScheme: 'dark' },
  'forced colours': { forcedColors: 'active' },
  '200 % zoom': { viewport: { width: 640, height: 360 }, deviceScaleFactor: 2 },
  '320 px': { viewport: { width: 320, height: 640 } },
  'reduced motion': { reducedMotion: 'reduce' },
};

const inOrder = { ...inBrowser, concurrent: false, timeout: 120_000 } as const;

describe('WCAG 2.2 AA', inOrder, () => {
  describe.each(Object.entries(ways))('%s', inOrder, (_way, options) => {
    browserTest('every state', async ({ newTab, expect, onTestFinished }) => {
      const tab = await newTab(options);
      tab.expectFailedRequests();
      for (const state of pageStates) {
        const url = await openState(state, { finished: onTestFinished });
        for (const lang of ['en', 'ar']) {
          await tab.page.goto(`${url}&lang=${lang}`);
          await tab.page.locator('h1').waitFor();
          expect([state.name, lang, await faultsOf(tab.page, RULES)]).toEqual([
            state.name,
            lang,
            [],
          ]);
          const { width } = tab.page.viewportSize() ?? { width: 0 };
          expect(await tab.scrollWidth()).toBe(width);
        }
      }
    });
  });

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
