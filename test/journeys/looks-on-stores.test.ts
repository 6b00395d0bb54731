import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  createQBitFlow,
  RetryLater,
  toNodeHandler,
  Unrecoverable,
  type DurableStore,
  type QBitFlow,
  type WebhookEvent,
} from '@qbitflow/core';
import { startSandbox } from '@qbitflow/sandbox';
import { sqliteStore } from '@qbitflow/store-sqlite';
import { describe, expect, onTestFinished, test } from 'vitest';
import { durableStores } from './support/durable-stores.js';

const product = { productName: 'Green tea', description: 'A tin', price: 4.5 };
/** Clocks count milliseconds: what happens in the same one is neither before nor after. */
const A_MOMENT_MS = 20;

/** A shop whose processes and stores come and go, beside a QBitFlow that stays. */
async function openShop() {
  const sandbox = await startSandbox({ retryDelaysMs: [50, 50, 50] });
  onTestFinished(() => sandbox.close());
  const shipped: string[] = [];
  const seen: WebhookEvent[] = [];
  let fails: ((event: WebhookEvent) => void) | undefined;
  let webhooks = Promise.resolve();
  let kit: QBitFlow | undefined;
  const server = createServer((request, response) => {
    void webhooks.then(() => {
      if (kit === undefined) response.writeHead(503).end();
      else toNodeHandler(kit)(request, response);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await kit?.close();
  });
  const current = (): QBitFlow => {
    if (kit === undefined) throw new Error('deploy first');
    return kit;
  };
  return {
    sandbox,
    shipped,
    seen,
    kit: current,
    /** What handlers do before they succeed. */
    fail(how: typeof fails) {
      fails = how;
    },
    /** Keeps webhooks back until what is returned is called. */
    holdWebhooks() {
      let release = (): void => undefined;
      webhooks = new Promise((resolve) => {
        release = resolve;
      });
      return release;
    },
    listen: () => sandbox.setWebhookUrl(`${url}/webhook`),
    async deploy(store: DurableStore) {
      await kit?.close();
      kit = createQBitFlow({
        logger: false,
        apiKey: sandbox.apiKey,
        baseUrl: sandbox.v2Url,
        webhookSecret: sandbox.secret,
        publicUrl: url,
        store,
        handlers: { pollIntervalMs: 50 },
      });
      kit.onAny(
        (event) => {
          seen.push(event);
          fails?.(event);
          shipped.push(event.key);
        },
        { name: 'ship' },
      );
      await kit.start();
      await sleep(A_MOMENT_MS);
    },
    async buy() {
      const response = await fetch(`${sandbox.v2Url}/transaction/session-checkout/new/payment`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-api-key': sandbox.apiKey },
        body: JSON.stringify(product),
      });
      const { uuid } = (await response.json()) as { uuid: string };
      await sandbox.pay(uuid);
      await sleep(A_MOMENT_MS);
      return { uuid, key: `payment.completed:${uuid}` };
    },
    /** Everybody looks, in every way. */
    async look(uuid: string) {
      const id = encodeURIComponent(uuid);
      for (const path of [`/success?uuid=${id}`, `/cancel?uuid=${id}`, `/status/${id}`])
        await (await fetch(`${url}${path}`)).text();
      for await (const report of current().watchStatus({ uuid }))
        expect(report.status).toBe('completed');
      const rechecked = await current().recheck({ uuid });
      const recovered = await current().recover({ since: 0 });
      await sleep(200);
      return { rechecked, recovered };
    },
  };
}

describe.each(durableStores)('$name', ({ make, isThere }) => {
  test.skipIf(!isThere)(
    'what was pruned is not shipped again, by this process nor by the next',
    async () => {
      const shop = await openShop();
      const data = await make();
      await shop.deploy(data.open());
      shop.listen();
      const { uuid, key } = await shop.buy();
      await expect.poll(() => shop.shipped).toEqual([key]);
      await expect.poll(async () => (await shop.kit().deliveries.get(key))?.state).toBe('done');
      const behind = data.open();
      await behind.prune({ doneForMs: 0, limit: 100 });
      expect(await behind.get(key)).toBeUndefined();
      for (let deploys = 0; deploys < 2; deploys += 1) {
        const { rechecked, recovered } = await shop.look(uuid);
        expect(rechecked).toEqual({ status: 'duplicate', state: 'done' });
        expect(recovered).toMatchObject({ seen: 1, recorded: 0 });
        await shop.deploy(data.open());
      }
      // Forgotten altogether it is too old.
      await behind.prune({ doneForMs: 0, keepKeysMs: 0, limit: 100 });
      const { rechecked } = await shop.look(uuid);
      expect(rechecked).toEqual({ status: 'too_old' });
      expect(shop.shipped).toEqual([key]);
      await behind.close();
    },
  );

  test.skipIf(!isThere)('a discarded dead letter stays discarded', async () => {
    const shop = await openShop();
    await shop.deploy((await make()).open());
    shop.listen();
    shop.fail(() => {
      throw new Unrecoverable('a bug');
    });
    const { uuid, key } = await shop.buy();
    await expect.poll(async () => shop.kit().deliveries.discard(key)).toBe(true);
    shop.fail(undefined);
    await shop.look(uuid);
    expect(shop.shipped).toEqual([]);
  });

  test.skipIf(!isThere)(
    'a shop that adopts the kit: nothing old is shipped, what is new is',
    async () => {
      const shop = await openShop();
      const old = await shop.buy();
      await shop.deploy((await make()).open());
      const fresh = await shop.buy();
      const { rechecked, recovered } = await shop.look(old.uuid);
      expect(rechecked).toEqual({ status: 'too_old' });
      expect(recovered).toMatchObject({ seen: 2, recorded: 1, tooOld: 1 });
      await shop.look(fresh.uuid);
      expect(shop.shipped).toEqual([fresh.key]);
    },
  );

  test.skipIf(!isThere)(
    'the page was first, the webhook came before the handler succeeded: it sees the link',
    async () => {
      const shop = await openShop();
      await shop.deploy((await make()).open());
      shop.listen();
      const release = shop.holdWebhooks();
      const linkOf = (event: WebhookEvent): unknown =>
        Reflect.get(Object(event.data), 'managementPageLink');
      shop.fail((event) => {
        if (linkOf(event) === undefined) throw new RetryLater(100);
      });
      const { uuid, key } = await shop.buy();
      await shop.kit().recheck({ uuid });
      await expect.poll(() => shop.seen.length).toBeGreaterThan(0);
      expect(shop.shipped).toEqual([]);
      release();
      await expect.poll(() => shop.shipped).toEqual([key]);
      expect(linkOf(shop.seen[0] as WebhookEvent)).toBeUndefined();
      expect(linkOf(shop.seen.at(-1) as WebhookEvent)).toContain('http');
    },
  );

  test.skipIf(!isThere)('and a webhook after the handler is kept for operators', async () => {
    const shop = await openShop();
    await shop.deploy((await make()).open());
    shop.listen();
    const release = shop.holdWebhooks();
    const { uuid, key } = await shop.buy();
    await shop.kit().recheck({ uuid });
    await expect.poll(async () => (await shop.kit().deliveries.get(key))?.state).toBe('done');
    release();
    await expect
      .poll(async () => (await shop.kit().deliveries.get(key))?.webhook?.id)
      .toMatch(/^evt_/);
    expect(shop.shipped).toEqual([key]);
  });
});

test('orders and inbox restored from one backup, then recovered: everything since is shipped once', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'qbitflow-backup-'));
  onTestFinished(async () => rm(folder, { recursive: true, force: true }));
  const [file, backup] = [join(folder, 'shop.db'), join(folder, 'backup.db')];
  const shop = await openShop();
  await shop.deploy(sqliteStore(file));
  shop.listen();
  const before = [await shop.buy(), await shop.buy()];
  await expect.poll(() => shop.shipped.length).toBe(2);
  await shop.deploy(sqliteStore(join(folder, 'meanwhile.db')));
  for (const part of ['', '-wal'])
    if (existsSync(file + part)) await copyFile(file + part, backup + part);
  const orders = [...shop.shipped];
  await shop.deploy(sqliteStore(file));
  const since = [await shop.buy(), await shop.buy(), await shop.buy()];
  await expect.poll(() => shop.shipped.length).toBe(5);

  shop.shipped.splice(0, Infinity, ...orders);
  await shop.deploy(sqliteStore(backup));
  const found = await Promise.all([
    shop.kit().recover({ since: 0 }),
    shop.kit().recover({ since: 0 }),
  ]);
  expect(found.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(3);
  for (const { uuid } of [...before, ...since]) await shop.look(uuid);
  expect(shop.shipped.toSorted()).toEqual([...before, ...since].map(({ key }) => key).toSorted());
});
