// The code of docs/platforms.md and of the guides, on the runtimes that it is for: the blocks themselves, as they stand.
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import { type Sandbox, startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test, type TestContext } from 'vitest';
import { startApp, type App, type Environment } from '../docs/app-process.js';
import { codeBlocksIn } from '../docs/code-blocks.js';
import { postgresOf } from '../docs/example-apps.js';
import { filesOf, writeApp } from '../docs/guide-apps.js';
import { binaryOf } from './runtimes.js';
import { prepareWorker } from './workerd.js';

const SECRET = 'whsec_platforms';

type Start = (environment: Environment, context: TestContext) => Promise<App>;

interface Platform {
  readonly name: string;
  readonly runtime: keyof typeof argsOf | 'workerd';
  readonly start: Start;
}

/** How a runtime is told to run a file, with the packages that are installed and no others. */
const argsOf = {
  bun: ['--no-install'],
  deno: ['run', '--quiet', '--allow-all', '--no-lock', '--node-modules-dir=manual'],
};

const blocks = codeBlocksIn('docs/platforms.md');
const guides = ['express', 'koa', 'fastify', 'hono'];

const platforms: readonly Platform[] = [
  { name: 'Bun', runtime: 'bun', start: block('bun', 'Bun.serve') },
  { name: 'Deno', runtime: 'deno', start: block('deno', 'Deno.serve') },
  ...(['bun', 'deno'] as const).flatMap((runtime) =>
    guides.map((name) => ({ name: `${name} on ${runtime}`, runtime, start: guide(runtime, name) })),
  ),
  { name: 'Workers', runtime: 'workerd', start: worker },
];

function block(runtime: keyof typeof argsOf, word: string): Start {
  return async (environment) => {
    const code = blocks.find((one) => one.code.includes(word))?.code ?? '';
    return run(runtime, { 'server.mjs': code }, environment);
  };
}

function guide(runtime: keyof typeof argsOf, name: string): Start {
  return async (environment) => run(runtime, Object.fromEntries(await filesOf(name)), environment);
}

async function run(
  runtime: keyof typeof argsOf,
  files: Readonly<Record<string, string>>,
  environment: Environment,
): Promise<App> {
  const folder = await writeApp(import.meta.dirname, files);
  return startApp(folder, () => [...argsOf[runtime], 'server.mjs'], environment, binaryOf(runtime));
}

async function worker(environment: Environment, context: TestContext): Promise<App> {
  const folder = await writeApp(import.meta.dirname, Object.fromEntries(await filesOf('workers')));
  await prepareWorker(folder, { ...environment, DATABASE_URL: await postgresOf(context) });
  const args = ['serve', 'config.capnp', '--verbose'];
  const serve = (port: number): string[] => [...args, `--socket-addr=http=127.0.0.1:${port}`];
  return startApp(folder, serve, {}, binaryOf('workerd'));
}

test('every block of the page is run', () => {
  expect(blocks.map(({ code }) => /^\w+\.serve/m.exec(code)?.[0])).toEqual([
    'Bun.serve',
    'Deno.serve',
  ]);
});

describe.each(platforms)('$name', ({ runtime, start }) => {
  const isMissing = binaryOf(runtime) === undefined;

  test.skipIf(isMissing)(
    'each genuine delivery is handled once, also twenty at a time',
    async (context) => {
      const { url, paid } = await openShop(start, context);
      const orders = Array.from({ length: 20 }, () => randomUUID());
      const deliveries = orders.map(completed);
      const answers = await Promise.all(deliveries.map(async (one) => deliver(url, one)));
      expect(answers).toEqual(orders.map(() => '200 {"received":true}'));
      await expect.poll(paid, { timeout: 10_000 }).toHaveLength(20);
      const [first = completed('')] = deliveries;
      expect(await deliver(url, first)).toBe('200 {"received":true,"duplicate":true}');
      expect(paid().toSorted()).toEqual(orders.toSorted());
    },
  );

  test.skipIf(isMissing)(
    'a forgery is refused, and so is a body that is too large',
    async (context) => {
      const { url, paid } = await openShop(start, context);
      const { headers } = completed('order-1');
      const forged = { headers, body: Buffer.from('{"forged":true}') };
      expect(await deliver(url, forged)).toBe('401 {"error":"invalid signature"}');
      const huge = { headers, body: Buffer.alloc(1_100_000, ' ') };
      expect(await deliver(url, huge)).toMatch(/^413 /);
      expect(paid()).toEqual([]);
    },
  );

  test.skipIf(isMissing)(
    'a payment is seen by the page and by the status, and handled once',
    async (context) => {
      const { url, sandbox, paid } = await openShop(start, context);
      const { uuid } = await openPayment(sandbox);
      const page = async (): Promise<string> =>
        (await fetch(`${url}/qbitflow/success?uuid=${uuid}&type=payment`)).text();
      expect(await page()).toContain('>Waiting for your payment</h1>');
      await sandbox.pay(uuid);
      await expect.poll(page, { timeout: 10_000 }).toContain('>Payment received</h1>');
      const status = await fetch(`${url}/qbitflow/status/${uuid}`);
      expect(await status.json()).toMatchObject({ state: 'paid' });
      // On Workers what a page has recorded may wait for the Cron Trigger: nothing outlives the request.
      if (runtime === 'workerd') await workOff(url);
      await expect.poll(paid, { timeout: 10_000 }).toEqual(['order-1001']);
      await page();
      await sandbox.idle();
      expect(paid()).toEqual(['order-1001']);
    },
  );
});

test.skipIf(binaryOf('workerd') === undefined)(
  'on Workers a Cron Trigger works off what waits',
  async (context) => {
    const { url, sandbox, paid } = await openShop(worker, context);
    await workOff(url); // from now on the store knows what happened
    const { uuid } = await openPayment(sandbox);
    sandbox.setWebhookUrl('http://127.0.0.1:9/nobody'); // only the page sees it
    await sandbox.pay(uuid);
    const page = await fetch(`${url}/qbitflow/success?uuid=${uuid}&type=payment`);
    expect(await page.text()).toContain('>Payment received</h1>');
    const cron = async (): Promise<readonly string[]> => {
      await workOff(url);
      return paid();
    };
    await expect.poll(cron, { timeout: 15_000 }).toEqual(['order-1001']);
  },
);

async function openShop(start: Start, context: TestContext) {
  const sandbox = await startSandbox({ port: 0, secret: SECRET });
  onTestFinished(async () => sandbox.close());
  const app = await start(
    {
      QBITFLOW_API_KEY: sandbox.apiKey,
      QBITFLOW_BASE_URL: sandbox.v2Url,
      QBITFLOW_WEBHOOK_SECRET: SECRET,
      HOME: tmpdir(),
    },
    context,
  );
  sandbox.setWebhookUrl(`${app.url}/qbitflow/webhook`);
  /** The orders that the app says were paid. */
  const paid = (): string[] => [...app.output().matchAll(/paid: (.*)/g)].map(([, of = '']) => of);
  return { sandbox, url: app.url, paid };
}

async function openPayment({ apiKey, v2Url: baseUrl }: Sandbox): Promise<{ uuid: string }> {
  const shop = createQBitFlow({ apiKey, baseUrl, webhookSecret: SECRET });
  onTestFinished(async () => shop.close());
  const tea = { productName: 'Tea', price: 4.5, reference: 'order-1001' };
  return shop.checkout.createPayment(tea);
}

async function workOff(url: string): Promise<void> {
  await (await fetch(`${url}/cron`)).text();
}

function completed(reference: string): SignedDelivery {
  const body = fixtures.v2['payment.completed']({ data: { uuid: randomUUID(), reference } });
  return signDelivery({ version: 'v2', secret: SECRET, body });
}

async function deliver(url: string, { headers, body }: SignedDelivery): Promise<string> {
  const sent = { method: 'POST', headers, body: new Uint8Array(body) };
  const response = await fetch(`${url}/qbitflow/webhook`, sent);
  return `${response.status} ${await response.text()}`;
}
