import { describe } from 'vitest';
import { browserTest, inBrowser } from './support/in-browser.js';
import { addressOf, openState, pageStates } from './support/page-states.js';

const state = (wanted: string) => {
  const found = pageStates.find(({ name }) => name === wanted);
  if (found === undefined) throw new Error(`there is no state ${wanted}`);
  return found;
};

describe('what the script makes nicer', inBrowser, () => {
  browserTest(
    'times are in the customer’s own time zone and language',
    async ({ newTab, expect, onTestFinished }) => {
      const url = await openState(state('paid'), { finished: onTestFinished });
      const tab = await newTab({ timezoneId: 'Asia/Tokyo' });
      await tab.page.goto(`${url}&lang=de`);
      const time = tab.page.locator('time').first();
      expect(await time.innerText()).toBe('21. November 2026 um 01:05');
      expect(await time.getAttribute('datetime')).toBe('2026-11-20T16:05:42.123Z');
      expect(await time.getAttribute('title')).toMatch(/20\. November 2026.*16:05.*UTC/);
    },
  );

  browserTest(
    'the transaction is copied whole, and that is said',
    async ({ newTab, expect, onTestFinished }) => {
      const url = await openState(state('paid'), { finished: onTestFinished });
      const tab = await newTab({ permissions: ['clipboard-read', 'clipboard-write'] });
      await tab.page.goto(url);
      await tab.page.getByRole('button', { name: 'Copy transaction hash' }).click();
      await tab.page.locator('[aria-live]', { hasText: 'Copied' }).waitFor();
      expect(await tab.page.evaluate('navigator.clipboard.readText()')).toMatch(/^0x[\da-f]{64}$/);
    },
  );

  browserTest(
    'the receipt prints on one page, with whole ids and without buttons',
    async ({ newTab, expect, onTestFinished }) => {
      for (const name of ['paid', 'subscribed']) {
        const url = await openState(state(name), { finished: onTestFinished });
        const tab = await newTab();
        await tab.page.goto(url);
        await tab.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
        expect(await tab.page.locator('main').innerText()).toMatch(/0x[\da-f]{64}/);
        expect(await tab.page.locator('button:visible, footer:visible').count()).toBe(0);
        await tab.keep(`page/${name}-print`);
        const pdf = (await tab.page.pdf({ format: 'A5' })).toString('latin1');
        expect(pdf.match(/\/Type\s*\/Page\b(?!s)/g)).toHaveLength(1);
      }
    },
  );

  browserTest(
    'details that were not there in time come by themselves',
    async ({ newTab, expect, onTestFinished }) => {
      const slow = state('paid');
      let answers = 0;
      const url = await openState(slow, {
        finished: onTestFinished,
        kit: {
          fetch: async (input) => {
            answers += 1;
            if (addressOf(input).endsWith('/status')) return Response.json(slow.status);
            await new Promise((resolve) => {
              setTimeout(resolve, 900);
            });
            return Response.json(slow.transaction);
          },
        },
      });
      const tab = await newTab();
      const first = await tab.page.goto(url);
      expect(await first?.text()).not.toContain('class="amount"');
      await tab.page.locator('.amount').waitFor();
      expect(await tab.page.locator('.bought').innerText()).toContain('Sencha');
      expect(answers).toBeLessThan(6);
    },
  );

  browserTest(
    'it is one request, and nothing is asked of another origin',
    async ({ newTab, expect, onTestFinished }) => {
      const url = await openState(state('paid'), { finished: onTestFinished });
      const tab = await newTab();
      const asked: string[] = [];
      tab.page.on('request', (request) => {
        if (!request.url().startsWith('data:')) asked.push(request.url());
      });
      await tab.page.goto(url, { waitUntil: 'networkidle' });
      expect(asked).toEqual([url]);
    },
  );
});
