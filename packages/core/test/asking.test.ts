import { createQBitFlow, type QBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';

// What asks the API is loaded with the first call or page. In each test that is yet to happen.

const SECRET = 'whsec_asking';

function openKit(fetch: typeof globalThis.fetch): QBitFlow {
  const kit = createQBitFlow({
    apiKey: 'sk_test_asking',
    baseUrl: 'https://api.invalid/v2',
    webhookSecret: SECRET,
    logger: false,
    fetch,
  });
  onTestFinished(async () => kit.close());
  return kit;
}

/** Whatever is asked about has this status. */
function answering(status: string) {
  const asked: string[] = [];
  const fetch: typeof globalThis.fetch = async (input) => {
    const url = input instanceof Request ? input.url : String(input);
    asked.push(/(pay%40\d+)/.exec(url)?.[1] ?? url);
    return Response.json({ status });
  };
  return { asked, fetch };
}

const away: typeof globalThis.fetch = async () => {
  throw new TypeError('fetch failed');
};

const page = (kit: QBitFlow, uuid: string) =>
  kit.handleReturn(
    { method: 'GET', url: `/success?uuid=${uuid}`, headers: { accept: 'application/json' } },
    { page: 'success' },
  );

test('calls ask about what their references named when they were made', async () => {
  const { asked, fetch } = answering('created');
  const kit = openKit(fetch);
  const reference = { uuid: 'pay@1' };
  const first = kit.getStatus(reference);
  reference.uuid = 'pay@2';
  const second = kit.recheck(reference);
  reference.uuid = 'pay@3';
  await Promise.all([first, second]);
  expect(asked).toEqual(['pay%401', 'pay%402']);
});

test('what a webhook told before is shown where the API is away', async () => {
  const kit = openKit(away);
  const body = fixtures.v2['payment.completed']({ data: { uuid: 'pay@7' } });
  const signed = signDelivery({ version: 'v2', secret: SECRET, body });
  const request = { method: 'POST', url: '/webhook', ...signed, rawBody: signed.body };
  expect((await kit.handleWebhook(request)).status).toBe(200);
  expect(JSON.parse((await page(kit, 'pay@7')).body)).toMatchObject({ state: 'paid' });
});

test('a kit that is closed by then asks nothing', async () => {
  const { asked, fetch } = answering('completed');
  const kit = openKit(fetch);
  await kit.close();
  expect(JSON.parse((await page(kit, 'pay@1')).body)).toMatchObject({ state: 'waiting' });
  expect(await kit.watchStatus({ uuid: 'pay@1' }).next()).toEqual({ done: true, value: undefined });
  expect(asked).toEqual([]);
});

test('who leaves a watch at once is let go, and what was awaited ends', async () => {
  const { asked, fetch } = answering('created');
  const watch = openKit(fetch).watchStatus({ uuid: 'pay@1' });
  const steps = [watch.next(), watch.next()];
  const left = watch.return?.();
  const over = { done: true, value: undefined };
  expect(await left).toEqual(over);
  expect(await Promise.all(steps)).toEqual([over, over]);
  expect(await watch.next()).toEqual(over);
  expect(asked.length).toBeLessThanOrEqual(1);
});

test('a watch that was never begun is over when it is left', async () => {
  const { asked, fetch } = answering('created');
  const watch = openKit(fetch).watchStatus({ uuid: 'pay@1' });
  await watch.return?.();
  expect(await watch.next()).toEqual({ done: true, value: undefined });
  await expect(openKit(fetch).watchStatus({ uuid: '..' }).next()).rejects.toMatchObject({
    code: 'invalid_reference',
  });
  expect(asked).toEqual([]);
});
