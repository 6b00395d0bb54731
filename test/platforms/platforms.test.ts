import { randomUUID } from 'node:crypto';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import { type Sandbox, startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openPostgresData } from '../journeys/support/store-data.mjs';
import { appOn, hasRuntime, startOnWorkerd, type StartApp } from './start-app.js';

const SECRET = 'whsec_platforms';
const DATABASE_URL =
  process.env['QBITFLOW_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';

const denoArgs = ['run', '--quiet', '--allow-all', '--no-lock', '--node-modules-dir=manual'];

const platforms: { name: string; runtime: string; start: StartApp }[] = [
  { name: 'Bun', runtime: 'bun', start: appOn('bun', 'bun.mjs', ['--no-install']) },
  { name: 'Express on Bun', runtime: 'bun', start: appOn('bun', 'express.mjs', ['--no-install']) },
  { name: 'Koa on Bun', runtime: 'bun', start: appOn('bun', 'koa.mjs', ['--no-install']) },
  { name: 'Deno', runtime: 'deno', start: appOn('deno', 'deno.mjs', denoArgs) },
  { name: 'Express on Deno', runtime: 'deno', start: appOn('deno', 'express.mjs', denoArgs) },
  { name: 'Koa on Deno', runtime: 'deno', start: appOn('deno', 'koa.mjs', denoArgs) },
  { name: 'Workers', runtime: 'workerd', start: startOnWorkerd },
];

describe.each(platforms)('$name', ({ name, runtime, start }) => {
  const isMissing = !hasRuntime(runtime);

  test.skipIf(isMissing)(
    'each genuine delivery is handled once, also twenty at a time',
    async () => {
      const { url, shipped } = await openShop(name, start);
      const ids = Array.from({ length: 20 }, () => randomUUID());
      const answers = await Promise.all(ids.map(async (id) => deliver(url, paid(id))));
      expect(answers).toEqual(ids.map(() => '200 {"received":true}'));
      await expect.poll(shipped, { timeout: 10_000 }).toHaveLength(20);
      const [first = ''] = ids;
      expect(await deliver(url, paid(first))).toBe('200 {"received":true,"duplicate":true}');
      expect((await shipped()).toSorted()).toEqual(ids.toSorted());
    },
  );

  test.skipIf(isMissing)('a forgery is refused, and so is a body that is too large', async () => {
    const { url, shipped } = await openShop(name, start);
    const { headers } = paid(randomUUID());
    const forged = { headers, body: Buffer.from('{"forged":true}') };
    expect(await deliver(url, forged)).toBe('401 {"error":"invalid signature"}');
    const huge = { headers, body: Buffer.alloc(1_100_000, ' ') };
    expect(await deliver(url, huge)).toMatch(/^413 /);
    expect(await shipped()).toEqual([]);
  });

  test.skipIf(isMissing)(
    'a payment is seen by the page and by the status, and shipped once',
    async () => {
      const { url, sandbox, shipped, workOff } = await openShop(name, start);
      const { uuid } = await openPayment(sandbox);
      const page = async (): Promise<string> =>
        (await fetch(`${url}/qbitflow/success?uuid=${uuid}&type=payment`)).text();
      expect(await page()).toContain('>Waiting for your payment</h1>');
      await sandbox.pay(uuid);
      await expect.poll(page, { timeout: 10_000 }).toContain('>Payment received</h1>');
      const status = await fetch(`${url}/qbitflow/status/${uuid}`);
      expect(await status.json()).toMatchObject({ state: 'paid' });
      const whatIsShipped = async (): Promise<string[]> => {
        await workOff();
        return shipped();
      };
      await expect.poll(whatIsShipped, { timeout: 10_000 }).toHaveLength(1);
      await page();
      await sandbox.idle();
      expect(await shipped()).toHaveLength(1);
    },
  );
});

async function openShop(name: string, start: StartApp) {
  const sandbox = await startSandbox({ secret: SECRET });
  onTestFinished(async () => sandbox.close());
  const environment = { API_KEY: sandbox.apiKey, BASE_URL: sandbox.v2Url, SECRET };
  const database = name === 'Workers' ? { DATABASE_URL, SCHEMA: ownSchema() } : {};
  const url = await start({ ...environment, ...database });
  sandbox.setWebhookUrl(`${url}/qbitflow/webhook`);
  const shipped = async (): Promise<string[]> =>
    (await (await fetch(`${url}/shipped`)).json()) as string[];
  // On Workers what a page has recorded may wait for the Cron Trigger: nothing outlives the request.
  const workOff = async (): Promise<void> => {
    if (name === 'Workers') await (await fetch(`${url}/cron`)).text();
  };
  return { sandbox, url, shipped, workOff };
}

async function openPayment({ apiKey, v2Url: baseUrl }: Sandbox): Promise<{ uuid: string }> {
  const shop = createQBitFlow({ apiKey, baseUrl, webhookSecret: SECRET });
  onTestFinished(async () => shop.close());
  return shop.checkout.createPayment({ productName: 'Socks', price: 4.5 });
}

test.skipIf(!hasRuntime('workerd'))('on Workers a Cron Trigger works off what waits', async () => {
  const { url, sandbox, shipped } = await openShop('Workers', startOnWorkerd);
  await fetch(`${url}/cron`); // from now on the store knows what happened
  const { uuid } = await openPayment(sandbox);
  sandbox.setWebhookUrl('http://127.0.0.1:9/nobody'); // only the page sees it
  await sandbox.pay(uuid);
  const page = await fetch(`${url}/qbitflow/success?uuid=${uuid}&type=payment`);
  expect(await page.text()).toContain('>Payment received</h1>');
  const cron = async (): Promise<string[]> => {
    await fetch(`${url}/cron`);
    return shipped();
  };
  await expect.poll(cron, { timeout: 15_000 }).toHaveLength(1);
});

function paid(id: string): SignedDelivery {
  const body = fixtures.v1.paymentCompleted({ uuid: id });
  return signDelivery({ version: 'v1', secret: SECRET, body });
}

async function deliver(url: string, { headers, body }: SignedDelivery): Promise<string> {
  const response = await fetch(`${url}/qbitflow/webhook`, { method: 'POST', headers, body });
  return `${response.status} ${await response.text()}`;
}

function ownSchema(): string {
  const schema = `platform_${randomUUID().replaceAll('-', '')}`;
  onTestFinished(async () => openPostgresData(DATABASE_URL, schema).remove());
  return schema;
}
