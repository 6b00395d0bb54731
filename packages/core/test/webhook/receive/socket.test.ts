import { once } from 'node:events';
import { connect } from 'node:net';
import { toNodeHandler } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { serve } from '../../support/serve.js';
import { settle } from '../../support/settle.js';
import { openShop } from '../../support/shop.js';

/** Says `text` on a fresh connection to the webhook and resolves with the socket. */
async function say(url: string, text: string) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(text);
  return socket;
}

const HEAD = 'POST /webhook HTTP/1.1\r\nHost: shop\r\n';

test('a body over the limit is answered 413 though its length was not declared', async () => {
  const shop = openShop({ bodyLimitBytes: 1_000 });
  const url = await serve(toNodeHandler(shop.kit));
  const socket = await say(url, `${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
  socket.write(`7d0\r\n${'x'.repeat(2_000)}\r\n`);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 413 /);
  expect(String(answer)).toContain('{"error":"body too large"}');
  socket.destroy();
});

test('a body that is too slow is answered 408', async () => {
  const shop = openShop();
  const url = await serve(toNodeHandler(shop.kit));
  const socket = await say(url, `${HEAD}Content-Length: 100\r\n\r\n{`);
  while (shop.clock.waiting === 0) await settle();
  // The worker's own timers wait too; the body's is the longest of them.
  await settle(50);
  await shop.clock.advance(30_000);
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1\.1 408 /);
  socket.destroy();
});

test('an upload that is broken off harms nobody and is reported', async () => {
  const shop = openShop();
  const url = await serve(toNodeHandler(shop.kit));
  const socket = await say(url, `${HEAD}Content-Length: 100\r\n\r\n{`);
  while (shop.clock.waiting === 0) await settle();
  socket.destroy();
  while (shop.errors.length === 0) await settle();
  expect(shop.errors).toMatchObject([{ error: { code: 'body_aborted' } }]);
});
