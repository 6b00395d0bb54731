import { once } from 'node:events';
import { connect, createServer, type ClientHttp2Stream } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { toNodeHandler, type QBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { openLiveShop, PAYMENT } from '../status/support/live-shop.js';
import { openShop, SECRET } from '../support/shop.js';

type Listener = Parameters<typeof createServer>[1];

/** A client of a kit that is served over HTTP/2, both until the test has finished. */
async function open(
  kit: QBitFlow,
  touch: (request: { pause(): unknown }) => void = () => undefined,
) {
  const handle = toNodeHandler(kit);
  const server = createServer(((request, response) => {
    touch(request);
    Reflect.apply(handle, undefined, [request, response]);
  }) satisfies Listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    client.destroy();
    server.close();
  });
  return client;
}

async function statusOf(stream: ClientHttp2Stream): Promise<number | undefined> {
  const [headers] = (await once(stream, 'response')) as [{ ':status'?: number }];
  return headers[':status'];
}

test.each([false, true])(
  'a delivery is taken in over HTTP/2 (paused before: %s)',
  async (paused) => {
    const { kit, clock, store } = openShop();
    const client = await open(kit, (request) => paused && request.pause());
    const body = fixtures.v2['payment.completed']();
    const signed = signDelivery({ version: 'v2', body, secret: SECRET, clock });
    const stream = client.request({ ':method': 'POST', ':path': '/webhook', ...signed.headers });
    stream.end(signed.body);
    expect(await statusOf(stream)).toBe(200);
    expect((await store.stats()).due).toBe(1);
  },
);

test('a body over the limit is answered 413, and the session goes on', async () => {
  const { kit } = openShop({ bodyLimitBytes: 1_000 });
  const client = await open(kit);
  const big = client.request({ ':method': 'POST', ':path': '/webhook' });
  big.on('error', () => undefined);
  big.end(Buffer.alloc(200_000));
  expect(await statusOf(big)).toBe(413);
  const next = client.request({ ':path': '/success' });
  expect(await statusOf(next)).toBe(400);
});

test('a live status is streamed over HTTP/2 until its viewer leaves', async () => {
  const { kit, api, clock } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const client = await open(kit);
  const path = `/status/${encodeURIComponent(PAYMENT)}`;
  const stream = client.request({ ':path': path, accept: 'text/event-stream' });
  stream.setEncoding('utf8');
  let text = '';
  stream.on('data', (chunk: string) => (text += chunk));
  expect(await statusOf(stream)).toBe(200);
  while (!text.includes('event: status')) await once(stream, 'data');
  stream.close();
  while (clock.waiting > 0) await new Promise((resolve) => setTimeout(resolve, 2));
});
