// Each package's README stands on its own on the registry: it says how to install the package and what each option does, its
// links lead somewhere, and its first block is an app that takes a payment and handles it once.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createQBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import type { Sandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { durableStores } from '../journeys/support/durable-stores.js';
import { packageNames, root, sourcesOf } from '../packages/tree.js';
import { codeBlocksIn, READMES } from './code-blocks.js';
import { runExample } from './run-example.js';

const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

/** As GitHub makes them of headings. */
const anchorsOf = (page: string): string[] =>
  [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

const REPOSITORY = 'https://github.com/qbitflow/qbitflow-kit/';

describe.each(packageNames)('packages/%s/README.md', (name) => {
  const page = `packages/${name}/README.md`;
  const text = textOf(page);

  test('says what it is, how it is installed, what its errors are and where to go on', () => {
    expect(text).toMatch(new RegExp(`^# @qbitflow/${name}\\n\\n[A-Z]`));
    expect(text).toMatch(new RegExp(`^npm install .*@qbitflow/${name}\\b`, 'm'));
    expect(anchorsOf(page)).toEqual(expect.arrayContaining(['errors', 'more']));
  });

  test('has links that lead somewhere from the registry too', () => {
    const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    const broken = links.filter((link) => {
      if (link.startsWith('#')) return !anchorsOf(page).includes(link.slice(1));
      const [, path = '', anchor] =
        /^(?:blob|tree)\/main\/([^#]*)#?(.*)$/.exec(link.replace(REPOSITORY, '')) ?? [];
      if (path === '' || !existsSync(join(root, path))) return true;
      return Boolean(anchor) && !anchorsOf(path).includes(anchor ?? '');
    });
    expect(links.length).toBeGreaterThan(2);
    expect(broken).toEqual([]);
  });
});

/** Under which heading of which README the options of which types stand, each in a row of a table. */
const tables = [
  ['core', 'Options', ['QBitFlowOptions', 'HandlerOptions']],
  ['core', 'Options of the routes', ['RouteOptions', 'MountOptions']],
  ['core', 'Options of a return page', ['ReturnOptions']],
  ['core', 'Options of the memory store', ['MemoryStoreOptions']],
  ['express', 'Options of the router', ['core/RouteOptions']],
  ['koa', 'Options of the router', ['core/RouteOptions']],
  ['hono', 'Options of the router', ['core/RouteOptions']],
  ['fastify', 'Options of the plugin', ['QBitFlowPluginOptions', 'core/RouteOptions']],
  ['nest', 'Options of the module', ['QBitFlowModuleOptions', 'core/RouteOptions']],
  ['store-sqlite', 'Options', ['SqliteStoreOptions']],
  ['store-redis', 'Options', ['RedisStoreOptions']],
  ['store-postgres', 'Options', ['PostgresAddress', 'PostgresStoreOptions']],
  ['sandbox', 'Options', ['SandboxOptions']],
  ['conformance', 'Options', ['SuiteOptions', 'AdapterSuiteOptions']],
] as const;

/** What a table need not say, and what it says beside: where the page comes from, and what is Fastify's own. */
const MADE_BY_MOUNTING: readonly string[] = ['page'];
const OF_FASTIFY: readonly string[] = ['fastify prefix'];

/** The names of the options that a type declares, but for those that are no longer to be used. */
function optionsOf(packageName: string, type: string): string[] {
  const [owner, name] = type.startsWith('core/') ? ['core', type.slice(5)] : [packageName, type];
  const declaration = new RegExp(`^export (?:interface|type) ${name}\\b([\\s\\S]*?)^[}|]`, 'm');
  const [, body] = sourcesOf(owner).flatMap(({ text }) => declaration.exec(text) ?? []);
  if (body === undefined) throw new Error(`${owner} declares no ${name}`);
  const found = body.matchAll(/(@deprecated[^*]*\*\/)?\n {2}(?:\| \{ )?readonly (\w+)\??:/g);
  return [...found].flatMap(([, deprecated, option = '']) => (deprecated ? [] : [option]));
}

function rowsUnder(text: string, heading: string): string[] {
  const [, section = ''] =
    new RegExp(`^##+ ${heading}\\n([\\s\\S]*?)(?=^#|$(?![\\s\\S]))`, 'm').exec(text) ?? [];
  const cells = section.split('\n').flatMap((line) => /^\| (`.*?) +\|/.exec(line)?.[1] ?? []);
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, option = '']) => option));
}

test.each(tables)(
  '%s, %s: a row for every option of %s, and for nothing else',
  (name, heading, types) => {
    const declared = types
      .flatMap((type) => optionsOf(name, type))
      .filter((option) => !MADE_BY_MOUNTING.includes(option));
    const rows = rowsUnder(textOf(`packages/${name}/README.md`), heading);
    expect(rows.filter((row) => !OF_FASTIFY.includes(`${name} ${row}`)).toSorted()).toEqual(
      [...new Set(declared)].toSorted(),
    );
  },
);

/** The READMEs whose first block is a shop; where its routes are is what the block says. */
const shops = READMES.filter((page) => !/sandbox|conformance/.test(page)).map(
  (page) => [page, codeBlocksIn(page)[0]] as const,
);

const missing = durableStores.filter(({ isThere }) => !isThere).map(({ name }) => name);

describe.each(shops)('the first block of %s', (page, block) => {
  const needs = page.includes('postgres') ? 'PostgreSQL' : page.includes('redis') ? 'Redis' : '';

  test.skipIf(missing.includes(needs))('takes a payment and handles it once', async () => {
    const { sandbox, url, written } = await runExample(block?.code ?? '', block?.language);
    await expect.poll(url).toBeDefined();
    const shop = `${url() ?? ''}/qbitflow`;
    sandbox.setWebhookUrl(`${shop}/webhook`);
    expect(await statusOfForgery(shop)).toBe(401);
    const reference = `order-${page.replaceAll(/\W+/g, '-')}-${String(process.pid)}`;
    const uuid = await openPayment(sandbox, reference);
    expect(await pageOf(shop, uuid)).toContain('Waiting for your payment');
    await sandbox.pay(uuid);
    await expect.poll(() => written).toEqual([`paid: ${reference}`]);
    expect(await pageOf(shop, uuid)).toContain('Payment received');
    await sandbox.redeliver(sandbox.deliveries[0]?.eventId ?? '');
    await sandbox.idle();
    const attempts = sandbox.deliveries.flatMap((sent) => sent.attempts);
    expect(attempts.map(({ status }) => status)).toEqual([200, 200]);
    expect(written).toHaveLength(1);
  });
});

async function openPayment(
  { apiKey, v2Url: baseUrl }: Sandbox,
  reference: string,
): Promise<string> {
  const shop = createQBitFlow({ apiKey, baseUrl, webhookSecret: false, logger: false });
  onTestFinished(async () => shop.close());
  return (await shop.checkout.createPayment({ productName: 'Tea', price: 4.5, reference })).uuid;
}

async function pageOf(shop: string, uuid: string): Promise<string> {
  const query = new URLSearchParams({ uuid, type: 'payment' });
  const headers = { accept: 'text/html' };
  return (await fetch(`${shop}/success?${query.toString()}`, { headers })).text();
}

async function statusOfForgery(shop: string): Promise<number> {
  const body = fixtures.v2['payment.completed']();
  const forged = signDelivery({ version: 'v2', secret: 'whsec_of_a_stranger', body });
  const sent = { method: 'POST', headers: forged.headers, body: new Uint8Array(forged.body) };
  return (await fetch(`${shop}/webhook`, sent)).status;
}
