import { once } from 'node:events';
import { request as httpRequest, type RequestListener } from 'node:http';
import { toFetchHandler, toNodeHandler, withWebhook, type QBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { serve } from '../support/serve.js';
import { openShop, SECRET, type Shop } from '../support/shop.js';

const mounts: [string, (kit: QBitFlow) => RequestListener][] = [
  ['toNodeHandler', (kit) => toNodeHandler(kit, { basePath: '/qbitflow' })],
  [
    'withWebhook',
    (kit) =>
      withWebhook((_request, response) => response.writeHead(404).end(), kit, {
        path: '/qbitflow/webhook',
      }),
  ],
];

/** Sends a delivery with exactly this request target. */
async function statusOf(shop: Shop, origin: string, target: string): Promise<number | undefined> {
  const body = fixtures.v2['payment.completed']();
  const { clock } = shop;
  const { headers, body: bytes } = signDelivery({ version: 'v2', body, secret: SECRET, clock });
  const length = { 'content-length': bytes.length };
  const { hostname, port } = new URL(origin);
  const sent = httpRequest({
    hostname,
    port,
    method: 'POST',
    path: target,
    headers: { ...headers, ...length },
  });
  sent.end(bytes);
  const [response] = (await once(sent, 'response')) as [{ statusCode?: number; resume(): void }];
  response.resume();
  return response.statusCode;
}

describe.each(mounts)('%s', (_name, mount) => {
  test.each([
    'http://shop.example/qbitflow/webhook',
    'HTTPS://user@shop.example:8443/qbitflow/webhook?from=proxy',
    'http://[::1]:3000/qbitflow/webhook/',
    '/QBITFLOW/webhook',
    '/qbitflow/Webhook',
    'http://shop.example/QBitFlow/WebHook',
  ])('%s is the webhook', async (target) => {
    const shop = openShop();
    expect(await statusOf(shop, await serve(mount(shop.kit)), target)).toBe(200);
  });

  test.each([
    'http://shop.example/other',
    'http://shop.example',
    'http://shop.example/?/qbitflow/webhook',
    'http://qbitflow/webhook',
    '//qbitflow/webhook',
    '/qbitflow/webh%C3%B6ok',
  ])('%s is not', async (target) => {
    const shop = openShop();
    expect(await statusOf(shop, await serve(mount(shop.kit)), target)).toBe(404);
  });
});

test('toFetchHandler does not mind the case of letters either', async () => {
  const { kit, clock } = openShop();
  const handle = toFetchHandler(kit, { basePath: '/qbitflow' });
  const body = fixtures.v2['payment.completed']();
  const { headers, body: bytes } = signDelivery({ version: 'v2', body, secret: SECRET, clock });
  const request = { method: 'POST', headers, body: new Uint8Array(bytes) };
  const answer = await handle(new Request('https://shop.example/QBitFlow/Webhook', request));
  expect(answer.status).toBe(200);
});

test.each(['/success?uuid=a b', 'http://shop.example/success?uuid=a%20b'])(
  'the query of %s is read',
  async (url) => {
    const { kit } = openShop({ apiKey: 'sk_test' });
    const answer = await kit.handleReturn({ method: 'GET', url, headers: {} }, { page: 'success' });
    // Neither missing nor an id.
    expect(answer.status).toBe(400);
  },
);
