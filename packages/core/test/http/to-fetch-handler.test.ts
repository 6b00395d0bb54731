import { toFetchHandler } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openShop, SECRET } from '../support/shop.js';

const URL_OF_WEBHOOK = 'https://shop.example/webhook';

function setUp() {
  const shop = openShop();
  const { headers, body } = signDelivery({
    version: 'v2',
    body: fixtures.v2['payment.completed'](),
    secret: SECRET,
    clock: shop.clock,
  });
  const post = (init: RequestInit = {}, url = URL_OF_WEBHOOK) =>
    new Request(url, { method: 'POST', headers, body: Buffer.from(body), ...init });
  return { shop, handle: toFetchHandler(shop.kit), headers, post };
}

test('a delivery is taken in', async () => {
  const { handle, post, shop } = setUp();
  const answer = await handle(post());
  expect([answer.status, await answer.json()]).toEqual([200, { received: true }]);
  expect(await shop.store.stats()).toMatchObject({ due: 1 });
});

test('other paths are not found', async () => {
  const { handle, post } = setUp();
  const answer = await handle(post({}, 'https://shop.example/webhook/x'));
  expect([answer.status, await answer.json()]).toEqual([404, { error: 'not found' }]);
});

test('basePath goes in front', async () => {
  const { shop, post } = setUp();
  const handle = toFetchHandler(shop.kit, { basePath: '/api/qbitflow' });
  expect((await handle(post({}, 'https://shop.example/api/qbitflow/webhook?a=b'))).status).toBe(
    200,
  );
});

test('HEAD is answered without a body', async () => {
  const { handle } = setUp();
  const answer = await handle(new Request(URL_OF_WEBHOOK, { method: 'HEAD' }));
  expect([answer.status, answer.body]).toEqual([405, null]);
});

test('a POST without a body is judged by its signature', async () => {
  const { handle } = setUp();
  const answer = await handle(new Request(URL_OF_WEBHOOK, { method: 'POST' }));
  expect(answer.status).toBe(401);
});

test('a body somebody has used is said to be gone, at once', async () => {
  const { handle, post } = setUp();
  const request = post();
  await request.text();
  const answer = await handle(request);
  expect(answer.status).toBe(500);
  expect(await answer.text()).toContain('a body parser consumed the body');
});

test('a body somebody holds the reader of is said to be gone, too', async () => {
  const { handle, post } = setUp();
  const request = post();
  request.body?.getReader();
  expect((await handle(request)).status).toBe(500);
});

test('a stream that goes on beyond the limit is answered 413', async () => {
  const { handle, headers } = setUp();
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      sent += 65_536;
      if (sent > 2_097_152) controller.close();
      else controller.enqueue(new Uint8Array(65_536));
    },
  });
  const init = { method: 'POST', headers, body, duplex: 'half' } as const;
  const answer = await handle(new Request(URL_OF_WEBHOOK, init));
  expect([answer.status, await answer.json()]).toEqual([413, { error: 'body too large' }]);
});

test('a stream that breaks is answered 400', async () => {
  const { handle, headers } = setUp();
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.error(new Error('broken'));
    },
  });
  const init = { method: 'POST', headers, body, duplex: 'half' } as const;
  expect((await handle(new Request(URL_OF_WEBHOOK, init))).status).toBe(400);
});
