import { toFetchHandler, toNodeHandler } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { serve } from '../support/serve.js';
import { openLiveShop, pathOf, PAYMENT, until } from '../status/support/live-shop.js';

const PATH = pathOf(PAYMENT);
const events = { accept: 'text/event-stream' };

/** Keeps what a response streams. */
function listen(response: Response) {
  const seen = { text: '', ended: false };
  const decoder = new TextDecoder();
  const reading = (async () => {
    for await (const chunk of response.body ?? []) seen.text += decoder.decode(chunk);
    seen.ended = true;
  })();
  reading.catch(() => undefined);
  return seen;
}

async function openNode(basePath = '') {
  const shop = await openLiveShop();
  shop.api.set(PAYMENT, { status: 'created' });
  const url = await serve(toNodeHandler(shop.kit, { basePath }));
  return { ...shop, url };
}

test('node: events arrive as they happen and end with the truth', async () => {
  const { clock, url, payByWebhook } = await openNode();
  const response = await fetch(url + PATH, { headers: events });
  const seen = listen(response);
  await until(() => seen.text.includes('"step":"customer"'));
  expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
  expect(response.headers.get('content-length')).toBeNull();
  await clock.advance(15_000);
  await until(() => seen.text.includes(': still here'));
  await payByWebhook(PAYMENT);
  await until(() => seen.ended);
  expect(seen.text).toContain('"state":"paid"');
});

test('node: a client that goes away is let go of', async () => {
  const { api, clock, url } = await openNode();
  const leaving = new AbortController();
  const response = await fetch(url + PATH, { headers: events, signal: leaving.signal });
  const seen = listen(response);
  await until(() => seen.text.includes('"step"') && clock.waiting === 2);
  leaving.abort();
  await until(() => clock.waiting === 0);
  await clock.advance(60_000);
  expect(api.asked).toEqual([PAYMENT]);
});

test('node: a client that has gone before the answer leaves nothing behind', async () => {
  const { api, clock, url } = await openNode();
  const release = api.hold();
  const leaving = new AbortController();
  const json = fetch(url + PATH, { signal: leaving.signal });
  json.catch(() => undefined);
  await until(() => api.asked.length === 1);
  leaving.abort();
  release();
  await until(() => clock.waiting === 0);
  expect(api.asked).toEqual([PAYMENT]);
});

test.each([
  [PATH, 200],
  [`${PATH}/`, 200],
  [`${PATH}?type=payment`, 200],
  ['/status', 404],
  ['/status/', 404],
  [`${PATH}/more`, 404],
  ['/status//', 404],
  ['/status/pay%401%2Fmore', 400],
  ['/STATUS/pay@1', 404],
])('node: %s is %i', async (path, status) => {
  const { url } = await openNode();
  expect((await fetch(url + path)).status).toBe(status);
});

test('node: basePath goes in front', async () => {
  const { url } = await openNode('/qbitflow');
  expect((await fetch(`${url}/qbitflow${PATH}`)).status).toBe(200);
  expect((await fetch(url + PATH)).status).toBe(404);
});

test('the status route asks whom the success page asks, unless told otherwise', async () => {
  const shop = await openLiveShop();
  shop.api.set(PAYMENT, { status: 'completed' });
  const success = { authorize: () => false };
  const ask = async (status?: object) => {
    const handle = toFetchHandler(shop.kit, { success, ...(status && { status }) });
    return (await handle(new Request(`https://shop.example${PATH}`))).status;
  };
  expect(await ask()).toBe(404);
  expect(await ask({ authorize: () => true })).toBe(200);
  expect(await ask({ timeoutMs: 1_000 })).toBe(404);
});

async function openFetch() {
  const shop = await openLiveShop();
  shop.api.set(PAYMENT, { status: 'created' });
  const handle = toFetchHandler(shop.kit);
  const ask = async (init: RequestInit = {}) =>
    handle(new Request(`https://shop.example${PATH}`, { headers: events, ...init }));
  return { ...shop, ask };
}

test('fetch: events arrive as they happen and end with the truth', async () => {
  const { clock, ask, payByWebhook } = await openFetch();
  const response = await ask();
  const seen = listen(response);
  await until(() => seen.text.includes('"step":"customer"'));
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/event-stream; charset=utf-8',
  ]);
  await clock.advance(15_000);
  await until(() => seen.text.includes(': still here'));
  await payByWebhook(PAYMENT);
  await until(() => seen.ended);
  expect(seen.text).toContain('"state":"paid"');
});

test('fetch: a body that is cancelled is let go of', async () => {
  const { api, clock, ask } = await openFetch();
  const response = await ask();
  await until(() => api.asked.length > 0 && clock.waiting === 2);
  await response.body?.cancel();
  await until(() => clock.waiting === 0);
  await clock.advance(60_000);
  expect(api.asked).toEqual([PAYMENT]);
});

test('fetch: a client that aborts its request is let go of', async () => {
  const { clock, ask } = await openFetch();
  const leaving = new AbortController();
  const response = await ask({ signal: leaving.signal });
  const reading = response.text();
  reading.catch(() => undefined);
  await until(() => clock.waiting === 2);
  leaving.abort();
  await until(() => clock.waiting === 0);
  await expect(reading).rejects.toBeInstanceOf(Error);
});

test('fetch: HEAD opens no stream', async () => {
  const { clock, ask } = await openFetch();
  const response = await ask({ method: 'HEAD' });
  expect([response.status, response.body, clock.waiting]).toEqual([200, null, 0]);
});

test.each(['node', 'fetch'] as const)(
  '%s: who has heard the end is answered 204, without a body and without its length',
  async (how) => {
    const { kit, url } = await openNode();
    const headers = { ...events, 'last-event-id': 'final' };
    const response =
      how === 'node'
        ? await fetch(url + PATH, { headers })
        : await toFetchHandler(kit)(new Request(`http://shop.test${PATH}`, { headers }));
    expect([
      response.status,
      response.headers.get('content-length'),
      await response.text(),
    ]).toEqual([204, null, '']);
  },
);

test('node: a client is the address of its socket; fetch: what clientOf makes of the request', async () => {
  const clients: unknown[] = [];
  const shop = await openLiveShop({
    clientOf: ({ client, headers }) => {
      clients.push(client ?? headers['x-real-ip']);
      return client;
    },
  });
  await fetch((await serve(toNodeHandler(shop.kit))) + PATH);
  const headers = { 'x-real-ip': '203.0.113.9' };
  await toFetchHandler(shop.kit)(new Request(`http://shop.test${PATH}`, { headers }));
  expect(clients).toEqual(['127.0.0.1', '203.0.113.9']);
});
