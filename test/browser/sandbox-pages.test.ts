import { startSandbox, type Sandbox, type SandboxOptions } from '@qbitflow/sandbox';
import { describe } from 'vitest';
import { browserTest, inBrowser, soon } from './support/in-browser.js';

/** A sandbox without a shop: its webhooks go to a port where nobody listens. */
async function openSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  return startSandbox({
    webhookUrl: 'http://127.0.0.1:9/qbitflow/webhook',
    retryDelaysMs: [],
    ...options,
  });
}

async function openPayment(sandbox: Sandbox, reference: string): Promise<string> {
  const answer = await fetch(`${sandbox.v2Url}/transaction/session-checkout/new/payment`, {
    method: 'POST',
    headers: { 'x-api-key': sandbox.apiKey },
    body: JSON.stringify({ productName: 'Blue T-shirt', price: 4.5, reference }),
  });
  const { uuid } = (await answer.json()) as { uuid: string };
  return uuid;
}

describe("the sandbox's own pages", inBrowser, () => {
  browserTest(
    'follow what happens without a refresh',
    async ({ newTab, onTestFinished, expect }) => {
      const sandbox = await openSandbox();
      onTestFinished(() => sandbox.close());
      const tab = await newTab();
      const { page } = tab;
      await page.goto(sandbox.url);
      await page.getByText('Live', { exact: true }).waitFor();
      const isSamePage = await tab.mark();
      const uuid = await openPayment(sandbox, 'order-1');
      await page.getByText('order-1').waitFor();
      await sandbox.pay(uuid);
      await page.getByText('completed', { exact: false }).first().waitFor();
      await page.getByText('1 failed').waitFor();
      expect(await isSamePage()).toBe(true);
    },
  );

  browserTest(
    'are driven by the keyboard, and what has the focus keeps it',
    async ({ newTab, onTestFinished, expect }) => {
      const sandbox = await openSandbox();
      onTestFinished(() => sandbox.close());
      await openPayment(sandbox, 'order-1');
      await openPayment(sandbox, 'order-2');
      const tab = await newTab();
      const { page } = tab;
      await page.goto(sandbox.url);
      await page.getByText('Live', { exact: true }).waitFor();
      const isSamePage = await tab.mark();
      const duplicate = page.getByRole('button', { name: 'duplicate' });
      await duplicate.focus();
      await page.keyboard.press('Enter');
      await page.locator('button[aria-pressed=true]', { hasText: 'duplicate' }).waitFor();
      await page.keyboard.press('Enter');
      await page.locator('button[aria-pressed=false]', { hasText: 'duplicate' }).waitFor();
      expect(await isSamePage()).toBe(true);
      await page.keyboard.press('/');
      await page.keyboard.type('order-2');
      await page.keyboard.press('Enter');
      await page.getByText('1–1 of 1').waitFor();
      expect(await page.getByText('order-1').count()).toBe(0);
    },
  );

  browserTest(
    'trigger a webhook, and say what to try when it is not accepted',
    async ({ newTab, onTestFinished }) => {
      const sandbox = await openSandbox();
      onTestFinished(() => sandbox.close());
      const tab = await newTab();
      const { page } = tab;
      await page.goto(`${sandbox.url}/deliveries`);
      await page.getByLabel('Type', { exact: true }).selectOption('v1 transaction.expired');
      await page.getByRole('button', { name: 'Send it' }).click();
      await page.getByText('is the shop running, and does it listen on port 9?').waitFor();
      tab.expectFailedRequests();
      await page.getByLabel('Set fields').fill('nonsense');
      await page.getByRole('button', { name: 'Send it' }).click();
      await page.getByText('write path=value').waitFor();
    },
  );

  browserTest('work without their script', async ({ newTab, onTestFinished, expect }) => {
    const sandbox = await openSandbox();
    onTestFinished(() => sandbox.close());
    const uuid = await openPayment(sandbox, 'order-1');
    const { page } = await newTab({ javaScriptEnabled: false });
    await page.goto(sandbox.url);
    await page.getByRole('button', { name: 'stale' }).click();
    await page.locator('button[aria-pressed=true]', { hasText: 'stale' }).waitFor();
    await page.getByRole('link', { name: uuid }).click();
    await page.getByRole('button', { name: 'Expire' }).click();
    await page.getByText('checkout.expired').waitFor();
    await page.goto(sandbox.sessions[0]?.link ?? '');
    await page.getByText('This checkout has expired.').waitFor();
    expect(sandbox.sessions[0]?.status).toBe('expired');
  });

  browserTest.for(['light', 'dark'] as const)(
    'fit a phone, in %s',
    async (colorScheme, { newTab, onTestFinished, expect }) => {
      const sandbox = await openSandbox();
      onTestFinished(() => sandbox.close());
      const uuid = await openPayment(sandbox, 'order-1');
      await sandbox.trigger('payment.completed');
      const tab = await newTab({
        viewport: { width: 390, height: 844 },
        colorScheme,
      });
      const paths = ['/', '/deliveries', '/events', `/sessions/${uuid}`, `/checkout/${uuid}`];
      for (const path of [...paths, `/events/${sandbox.events[0]?.id}`]) {
        await tab.page.goto(sandbox.url + path);
        expect(await tab.scrollWidth()).toBeLessThanOrEqual(390);
      }
    },
  );

  browserTest('the checkout counts down', async ({ newTab, onTestFinished, expect }) => {
    const sandbox = await openSandbox();
    onTestFinished(() => sandbox.close());
    await openPayment(sandbox, 'order-1');
    const { page } = await newTab();
    await page.goto(sandbox.sessions[0]?.link ?? '');
    const left = page.getByRole('timer');
    const first = await left.textContent();
    expect(first).toMatch(/^(?:23:59:\d\d|24:00:00)$/);
    await expect.poll(async () => left.textContent(), soon).not.toBe(first);
    await page.getByRole('button', { name: 'Pay', exact: true }).click();
    await page.getByText('Paid. Thank you.').waitFor();
    expect(sandbox.sessions[0]?.payer?.name).toBe('Casey Customer');
  });
});
