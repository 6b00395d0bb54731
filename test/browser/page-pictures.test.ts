import { describe } from 'vitest';
import { browserTest, inBrowser } from './support/in-browser.js';
import { openState, pageStates } from './support/page-states.js';

const screens = {
  phone: { width: 390, height: 844 },
  desktop: { width: 1280, height: 800 },
} as const;

// One after the other: hundreds of pictures at once are more than a small machine can take.
const inOrder = { ...inBrowser, concurrent: false, timeout: 120_000 } as const;

// Pictures are looked at by people; what a machine can see of them is asked here too.
describe(
  'pictures of every state, in three languages, both modes, on phone and desktop',
  inOrder,
  () => {
    browserTest.for(pageStates)('$name', async (state, { newTab, expect, onTestFinished }) => {
      const url = await openState(state, { finished: onTestFinished });
      const tab = await newTab();
      tab.expectFailedRequests();
      for (const lang of ['en', 'de', 'ar']) {
        await tab.page.goto(`${url}&lang=${lang}`);
        await tab.page.locator('h1').waitFor();
        const html = tab.page.locator('html');
        expect([await html.getAttribute('lang'), await html.getAttribute('dir')]).toEqual([
          lang,
          lang === 'ar' ? 'rtl' : null,
        ]);
        for (const [screen, size] of Object.entries(screens)) {
          await tab.page.setViewportSize(size);
          expect(await tab.scrollWidth()).toBe(size.width);
          for (const colorScheme of ['light', 'dark'] as const) {
            await tab.page.emulateMedia({ colorScheme });
            await tab.keep(`page/${state.name}-${lang}-${screen}-${colorScheme}`);
          }
        }
      }
    });
  },
);
