import { describe } from 'vitest';
import { browserTest, inBrowser } from './support/in-browser.js';
import { openState, pageStates } from './support/page-states.js';

const screens = {
  phone: { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true },
  desktop: { viewport: { width: 1280, height: 800 } },
} as const;

// One test a state: pictures are looked at by people, and what a machine can see of them is asked here too.
describe(
  'pictures of every state, in three languages, both modes, on phone and desktop',
  inBrowser,
  () => {
    browserTest.for(pageStates)('$name', async (state, { newTab, expect, onTestFinished }) => {
      const url = await openState(state, { finished: onTestFinished });
      for (const [screen, options] of Object.entries(screens))
        for (const colorScheme of ['light', 'dark'] as const) {
          const tab = await newTab({ ...options, colorScheme });
          tab.expectFailedRequests();
          for (const lang of ['en', 'de', 'ar']) {
            await tab.page.goto(`${url}&lang=${lang}`);
            await tab.page.locator('h1').waitFor();
            const html = tab.page.locator('html');
            expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual([
              lang,
              lang === 'ar' ? 'rtl' : null,
            ]);
            expect(await tab.scrollWidth()).toBe(options.viewport.width);
            await tab.keep(`page/${state.name}-${lang}-${screen}-${colorScheme}`);
          }
          await tab.page.context().close();
        }
    });
  },
);
