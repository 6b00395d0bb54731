// A guide whose code blocks are files is an app: they are compiled and run, and a customer buys something there.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { startSandbox, type Sandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { root } from '../packages/tree.js';
import { openDatabase, startApp, type App } from './app-process.js';
import { compile, filesOf, namesShown, writeGuide } from './guide-apps.js';

const SERVER = process.env['QBITFLOW_TEST_POSTGRES'] ?? 'postgres://postgres@127.0.0.1:5432/test';
const REFERENCE = 'order-1001';

interface Guide {
  /** What `node` is called with. */
  readonly starts: (folder: string) => (port: number) => readonly string[];
  /** Opens checkouts itself, by `POST /buy`. */
  readonly sells: boolean;
  readonly needsPostgres: boolean;
}

const hosted = (name: string) => (folder: string) => () => [
  join(root, 'test', 'docs', 'hosts', `${name}.mjs`),
  folder,
];
const functionsFramework = join(
  join(root, 'test', 'node_modules', '@google-cloud', 'functions-framework'),
  join('build', 'src', 'main.js'),
);

const guides: Readonly<Record<string, Guide>> = {
  express: { starts: () => () => ['server.mjs'], sells: true, needsPostgres: false },
  koa: { starts: () => () => ['server.mjs'], sells: true, needsPostgres: false },
  fastify: { starts: () => () => ['server.mjs'], sells: true, needsPostgres: false },
  hono: { starts: () => () => ['server.mjs'], sells: true, needsPostgres: false },
  nest: { starts: () => () => ['built/src/main.js'], sells: true, needsPostgres: false },
  nuxt: { starts: hosted('nuxt'), sells: true, needsPostgres: false },
  next: { starts: hosted('next'), sells: true, needsPostgres: false },
  lambda: { starts: hosted('lambda'), sells: false, needsPostgres: true },
  workers: { starts: hosted('workers'), sells: false, needsPostgres: true },
  'cloud-functions': {
    starts: () => (port) => [functionsFramework, '--target=qbitflow', `--port=${port}`],
    sells: false,
    needsPostgres: true,
  },
};

test('every guide that is an app is run', async () => {
  const names = readdirSync(join(root, 'docs', 'guides')).map((file) => file.replace('.md', ''));
  const files = await Promise.all(names.map(async (name) => (await filesOf(name)).size));
  const apps = names.filter((_name, index) => (files[index] ?? 0) > 0);
  expect(Object.keys(guides).toSorted()).toEqual(apps.toSorted());
});

describe.each(Object.entries(guides))('docs/guides/%s.md', (name, guide) => {
  test('says where each file goes', async () => {
    expect(await namesShown(name)).toEqual([...(await filesOf(name)).keys()]);
  });

  test('compiles, takes a payment and handles it once', { timeout: 60_000 }, async (context) => {
    const DATABASE_URL = guide.needsPostgres ? await openDatabase(SERVER) : '';
    if (DATABASE_URL === undefined) {
      if (process.env['CI'] === 'true') throw new Error(`no PostgreSQL at ${SERVER}`);
      context.skip('SKIPPED: no PostgreSQL');
      return;
    }
    const folder = await writeGuide(name);
    await compile(folder);
    const sandbox = await startSandbox({ port: 0 });
    onTestFinished(async () => sandbox.close());
    const app = await startApp(folder, guide.starts(folder), {
      DATABASE_URL,
      QBITFLOW_BASE_URL: sandbox.v2Url,
      QBITFLOW_API_KEY: 'sk_sandbox',
      QBITFLOW_WEBHOOK_SECRET: 'whsec_sandbox',
    });
    sandbox.setWebhookUrl(`${app.url}/qbitflow/webhook`);
    expect(await statusOfForgery(app)).toBe(401);
    const uuid = guide.sells ? await buy(app) : await openPayment(sandbox);
    expect(await page(app, uuid)).toContain('Waiting for your payment');
    await sandbox.pay(uuid);
    await expect.poll(async () => page(app, uuid)).toContain('Payment received');
    await expect.poll(() => paid(app), { timeout: 10_000 }).toEqual([`paid: ${REFERENCE}`]);
    const [delivery] = sandbox.deliveries;
    await sandbox.redeliver(delivery?.eventId ?? '');
    await sandbox.idle();
    const attempts = sandbox.deliveries.flatMap((sent) => sent.attempts);
    expect(attempts.map(({ status }) => status)).toEqual([200, 200]);
    expect(paid(app)).toHaveLength(1);
  });
});

/** Presses the button; resolves with the payment's id. */
async function buy({ url }: App): Promise<string> {
  const headers = { accept: 'application/json' };
  const answer = await fetch(`${url}/buy`, { method: 'POST', headers });
  const { link } = (await answer.json()) as { readonly link: string };
  return /pay@[\w-]+/.exec(decodeURIComponent(link))?.[0] ?? '';
}

async function openPayment({ apiKey, v2Url: baseUrl }: Sandbox): Promise<string> {
  const shop = createQBitFlow({ apiKey, baseUrl, webhookSecret: false, logger: false });
  onTestFinished(async () => shop.close());
  const tea = { productName: 'Tea', price: 4.5, reference: REFERENCE };
  return (await shop.checkout.createPayment(tea)).uuid;
}

async function page({ url }: App, uuid: string): Promise<string> {
  const query = new URLSearchParams({ uuid, type: 'payment' });
  const headers = { accept: 'text/html' };
  return (await fetch(`${url}/qbitflow/success?${query.toString()}`, { headers })).text();
}

function paid({ output }: App): readonly string[] {
  return output().match(/paid: .*/g) ?? [];
}

async function statusOfForgery({ url }: App): Promise<number> {
  const body = fixtures.v2['payment.completed']();
  const forged = signDelivery({ version: 'v2', secret: 'whsec_of_a_stranger', body });
  const sent = { method: 'POST', headers: forged.headers, body: new Uint8Array(forged.body) };
  return (await fetch(`${url}/qbitflow/webhook`, sent)).status;
}
