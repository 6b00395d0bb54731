import { describe } from 'vitest';
import { browserTest, inBrowser } from './support/in-browser.js';
import { openState, pageStates, payment, type PageState } from './support/page-states.js';

const PAYLOAD = `"'></title></style></script><script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>&lt;b&gt;\u202e`;
const EVIL_LINK = `https://x.invalid/"'><script>alert(1)</script>`;

/** Every text in a value replaced by the payload, and what must be a number, a date or an id left as it is. */
function poison(value: unknown, name = ''): unknown {
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, poison(part, key)]));
  if (typeof value !== 'string' || /^uuid$|Units$|At$|^status$/.test(name)) return value;
  return name.endsWith('Url') ? EVIL_LINK : PAYLOAD;
}

const evil = (state: PageState): PageState => ({
  ...state,
  status: state.status && {
    ...state.status,
    ...(state.httpStatus === undefined
      ? { txHash: PAYLOAD, message: PAYLOAD, lastAttempt: PAYLOAD && state.status['lastAttempt'] }
      : {}),
  },
  transaction: state.transaction && { ...(poison(state.transaction) as object), note: PAYLOAD },
});

describe('every text that can reach the page carries a payload', inBrowser, () => {
  browserTest(
    'none of it runs, loads or leaves its place',
    async ({ newTab, expect, onTestFinished }) => {
      const words = Object.fromEntries(
        [
          'paidLine',
          'copy',
          'copied',
          'copyTransaction',
          'printReceipt',
          'orderReference',
          'iconPaid',
          'toPayLine',
          'testPayment',
        ].map((name) => [name, PAYLOAD]),
      );
      const tab = await newTab();
      tab.expectFailedRequests();
      const asked: string[] = [];
      const dialogs: string[] = [];
      tab.page.on('request', (request) =>
        asked.push(new URL(request.url()).protocol + request.resourceType()),
      );
      tab.page.on('dialog', (dialog) => {
        dialogs.push(dialog.message());
        void dialog.dismiss();
      });
      for (const state of pageStates) {
        const url = await openState(evil(state), {
          finished: onTestFinished,
          page: {
            brand: {
              name: PAYLOAD.slice(0, 60),
              logo: '/logo.svg?%22%3E',
              homeUrl: `/${PAYLOAD}`,
              supportUrl: EVIL_LINK,
            },
            retryUrl: `/again?${PAYLOAD}`,
            locales: [{ locale: 'en', extends: 'en', words }],
            texts:
              state.name === 'expired' ? { expired: { title: PAYLOAD, lines: [PAYLOAD] } } : {},
          },
        });
        const query = ['type', 'lang', 'session', 'x'].map(
          (name) => `&${name}=${encodeURIComponent(PAYLOAD)}`,
        );
        await tab.page.goto(`${url}${query.join('')}`);
        await tab.page.locator('h1').waitFor();
        const found = await tab.page.evaluate<Record<string, number>>(
          `({ scripts: document.scripts.length, svgs: document.querySelectorAll('svg').length, images: document.images.length, styles: document.querySelectorAll('style').length, handlers: document.querySelectorAll('[onerror],[onload]').length, bold: document.querySelectorAll('b').length, scripted: document.querySelectorAll('a[href^="javascript:"]').length })`,
        );
        expect([state.name, found]).toEqual([
          state.name,
          {
            scripts: state.name === 'invalid' ? 0 : 1,
            svgs: 1,
            images: 1,
            styles: 1,
            handlers: 0,
            bold: 0,
            scripted: 0,
          },
        ]);
      }
      expect(dialogs).toEqual([]);
      expect(asked.filter((kind) => !/document|image|fetch|eventsource|other/.test(kind))).toEqual(
        [],
      );
      // What was poisoned was shown: the test tests something.
      expect(payment.name).not.toBe(PAYLOAD);
      const [paid] = pageStates;
      if (paid === undefined) throw new Error('there is no state');
      const url = await openState(evil(paid), { finished: onTestFinished });
      await tab.page.goto(url);
      expect(await tab.page.locator('.bought').innerText()).toContain('<script>alert(1)</script>');
    },
  );
});
