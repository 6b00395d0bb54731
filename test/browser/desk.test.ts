import { startSandbox } from '@qbitflow/sandbox';
import { describe } from 'vitest';
import { busyActivity, openBusyShop, openDeskShop, paymentId } from './support/desk-shop.js';
import { hostileStore, PAYLOADS } from './support/hostile-store.js';
import { browserTest, inBrowser, soon } from './support/in-browser.js';

const desktop = { viewport: { width: 1_280, height: 900 } };
const desk = { authorize: () => 'Ada' };
/** Dozens of pages: seconds on an idle machine. */
const PATIENT = { timeout: 240_000 };
const key = encodeURIComponent(`payment.completed:${paymentId(42)}`);

describe('the operator’s desk', inBrowser, () => {
  browserTest(
    'with forms and links alone a dead letter is found by its order, replayed, undone and replayed again',
    PATIENT,
    async ({ newTab, onTestFinished, expect }) => {
      const shop = await openBusyShop({ finished: onTestFinished, desk });
      const { page } = await newTab({ javaScriptEnabled: false });
      await page.goto(`${shop.url}/desk`);
      await page.getByRole('searchbox').fill('order-1042');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('link', { name: 'payment.completed', exact: true }).click();
      await page.getByText("reading 'street'").first().waitFor();
      await page.getByRole('link', { name: 'Replay…' }).click();
      await page.getByRole('button', { name: 'Replay this delivery' }).click();
      await page.getByText('It begins in 10 s.').waitFor();
      await page.getByRole('button', { name: 'Undo' }).click();
      await page.getByText('Nothing was changed.').waitFor();
      await shop.clock.advance(20_000);
      shop.mend();
      await page.getByRole('link', { name: 'Back to the delivery' }).click();
      await page.getByRole('link', { name: 'Replay…' }).click();
      await page.getByRole('button', { name: 'Replay this delivery' }).click();
      await page.getByText('It begins in 10 s.').waitFor();
      await shop.clock.advance(10_000);
      // It loads itself again.
      await page.getByText('1 of 1 delivery replayed.').waitFor();
      expect(shop.shipped).toContain('order-1042');
    },
  );

  browserTest('with the keyboard alone it is used', async ({ newTab, onTestFinished, expect }) => {
    const { url } = await openBusyShop({ finished: onTestFinished, desk });
    const { page } = await newTab(desktop);
    await page.goto(`${url}/desk?key=${key}`);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
    const reached = async () => page.evaluate<string>('document.activeElement.textContent.trim()');
    for (let presses = 0; presses < 20 && (await reached()) !== 'Replay…'; presses += 1)
      await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Replay this delivery?' }).waitFor();
  });

  browserTest(
    'it is live: what happens is there without a reload, and what is typed stays',
    async ({ newTab, onTestFinished, expect }) => {
      const shop = await openBusyShop({ finished: onTestFinished, desk });
      const tab = await newTab(desktop);
      await tab.page.goto(`${shop.url}/desk`);
      const mark = await tab.mark();
      await tab.page.getByRole('searchbox').fill('half a wo');
      const due = tab.page.locator('.tiles a', { hasText: 'Done' }).locator('b');
      const before = Number(await due.textContent());
      await shop.deliver('payment.completed', { uuid: paymentId(70), reference: 'order-1070' });
      await shop.clock.advance(2_000);
      await expect.poll(async () => Number(await due.textContent()), soon).toBe(before + 1);
      expect(await mark()).toBe(true);
      expect(await tab.page.getByRole('searchbox').inputValue()).toBe('half a wo');
    },
  );

  browserTest(
    'a desk that was mounted without authorize says so',
    async ({ newTab, onTestFinished }) => {
      const { url } = await openDeskShop({ finished: onTestFinished });
      const { page } = await newTab(desktop);
      await page.goto(`${url}/desk`);
      await page.getByText('mounted without authorize').waitFor();
    },
  );

  browserTest(
    'personal data is shown after a click, and gone with the next look',
    async ({ newTab, onTestFinished, expect }) => {
      const { url } = await openBusyShop({ finished: onTestFinished, desk });
      const { page } = await newTab(desktop);
      await page.goto(`${url}/desk?key=${key}`);
      const customer = page.getByText('"customer-77"');
      expect(await customer.count()).toBe(0);
      await page.getByRole('button', { name: 'Show what is masked' }).click();
      await customer.first().waitFor();
      await page.getByRole('link', { name: 'Mask it again' }).click();
      await page.getByRole('button', { name: 'Show what is masked' }).waitFor();
      expect(await customer.count()).toBe(0);
    },
  );

  browserTest(
    'the API is asked by a click, and its answer stays',
    async ({ newTab, onTestFinished, expect }) => {
      const sandbox = await startSandbox();
      onTestFinished(async () => sandbox.close());
      const api = { apiKey: sandbox.apiKey, baseUrl: sandbox.v2Url };
      const shop = await openDeskShop({ finished: onTestFinished, desk, api });
      const created = await fetch(`${sandbox.v2Url}/transaction/session-checkout/new/payment`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': sandbox.apiKey },
        body: JSON.stringify({ productName: 'Tea', description: 'A tin', price: 4.5 }),
      });
      const { uuid } = (await created.json()) as { uuid: string };
      await shop.deliver('payment.completed', { uuid });
      const { page } = await newTab(desktop);
      await page.goto(`${shop.url}/desk?key=payment.completed:${encodeURIComponent(uuid)}`);
      const answer = page.getByRole('region', { name: 'What the API says now' });
      await answer.getByText('Not asked yet').waitFor();
      await page.getByRole('button', { name: 'Ask the API' }).click();
      await answer.getByText('created', { exact: true }).waitFor();
      await sandbox.pay(uuid);
      await page.getByRole('button', { name: 'Ask again' }).click();
      await answer.getByText('completed', { exact: true }).waitFor();
      expect(await answer.getByText(/^0x[0-9a-f]+$/).count()).toBe(1);
    },
  );

  browserTest(
    'no text that reaches it is ever markup or script',
    PATIENT,
    async ({ newTab, onTestFinished, expect }) => {
      const { url, kit, clock } = await openDeskShop({
        finished: onTestFinished,
        desk: { authorize: () => PAYLOADS[0] },
        store: hostileStore,
      });
      const [first = ''] = PAYLOADS;
      const busy = busyActivity(clock.now());
      const types = Object.fromEntries(
        PAYLOADS.map((type) => [type, Object.values(busy.minutes[0]?.types ?? {})[0]]),
      );
      const activity = {
        ...busy,
        processes: PAYLOADS.map((name) => ({
          name,
          seenAt: clock.now(),
          running: 0,
          concurrency: 1,
        })),
        minutes: busy.minutes.map((span) => ({ ...span, types })),
      };
      Object.assign(kit.deliveries, { activity: async () => activity });
      const tab = await newTab(desktop);
      const { page } = tab;
      tab.expectFailedRequests();
      await page.exposeFunction('owned', () => expect.unreachable('a payload ran'));
      const names = [
        'state',
        'type',
        'subject',
        'reference',
        'from',
        'until',
        'error',
        'key',
        'q',
        'id',
        'live',
        'span',
        'do',
      ];
      const all = (view: string): string =>
        `?${new URLSearchParams([['view', view], ...names.map((name): [string, string] => [name, first])]).toString()}`;
      const queries = [
        '',
        '?span=day',
        '?view=deliveries',
        `?key=${encodeURIComponent(first)}`,
        ...PAYLOADS.map(
          (text) =>
            `?view=deliveries&${new URLSearchParams({ error: text, type: text, reference: text }).toString()}`,
        ),
        ...['now', 'deliveries', 'delivery', 'find', 'confirm', 'action', first].map(all),
        `?view=confirm&do=replay&key=${encodeURIComponent(first)}`,
        `?view=confirm&do=replay&state=dead&${new URLSearchParams({ error: first, reference: first }).toString()}`,
        '?view=action&id=AAAAAAAAAAAAAAAA',
      ];
      for (const query of queries) {
        await page.goto(`${url}/desk${query}`).catch(() => undefined);
        expect(
          await page
            .locator(
              'img, iframe, object, embed, svg script, main a[href^="javascript:"], [onerror], [onload], base',
            )
            .count(),
          query,
        ).toBe(0);
        expect(await page.locator('script').count(), query).toBeLessThanOrEqual(1);
      }
      await page.goto(`${url}/desk?key=${encodeURIComponent(first)}`);
      await page.getByRole('button', { name: 'Show what is masked' }).click();
      await page.getByRole('link', { name: 'Mask it again' }).waitFor();
      expect(await page.locator('img, [onerror]').count()).toBe(0);
      expect(await page.locator('main').textContent()).toContain('<img src=x onerror=owned()>');
    },
  );
});
