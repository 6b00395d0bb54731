import { toNodeHandler } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { serve } from '../support/serve.js';
import { openShop, SECRET, type Shop } from '../support/shop.js';
import { thrownBy } from '../support/rejection-of.js';

const sign = (shop: Shop) =>
  signDelivery({
    version: 'v2',
    body: fixtures.v2['payment.completed'](),
    secret: SECRET,
    clock: shop.clock,
  });

async function statusOf(path: string, init?: RequestInit, basePath?: string) {
  const shop = openShop();
  const url = await serve(toNodeHandler(shop.kit, { basePath }));
  return (await fetch(url + path, { method: 'POST', ...sign(shop), ...init })).status;
}

test.each(['/webhook', '/webhook/', '/webhook?a=b', '/webhook/?a=/b'])(
  '%s is the webhook',
  async (path) => {
    expect(await statusOf(path)).toBe(200);
  },
);

test.each(['/', '/webhooks', '/webhook/x', '/x/webhook', '/x?/webhook'])(
  '%s is not found, never 200',
  async (path) => {
    expect(await statusOf(path)).toBe(404);
  },
);

test.each(['/qbitflow', '/qbitflow/'])('basePath %s goes in front', async (basePath) => {
  expect(await statusOf('/qbitflow/webhook', {}, basePath)).toBe(200);
  expect(await statusOf('/webhook', {}, basePath)).toBe(404);
});

test('a basePath of / is none', async () => {
  expect(await statusOf('/webhook', {}, '/')).toBe(200);
});

test.each(['qbitflow', 'https://shop.example/qbitflow', '/qbitflow?a=b'])(
  'a basePath of %s could never match and is refused',
  (basePath) => {
    const { kit } = openShop();
    expect(thrownBy(() => toNodeHandler(kit, { basePath }))).toMatchObject({
      code: 'misconfigured',
    });
  },
);

test('other methods are answered 405 with Allow, HEAD without a body', async () => {
  const shop = openShop();
  const url = await serve(toNodeHandler(shop.kit));
  const get = await fetch(`${url}/webhook`);
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  const head = await fetch(`${url}/webhook`, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([405, '']);
});

test('the return pages are mounted', async () => {
  expect(await statusOf('/success', { method: 'GET', body: null })).toBe(400);
  expect(await statusOf('/cancel', { method: 'GET', body: null })).toBe(400);
});

test('options of a return page that cannot work throw when it is mounted', () => {
  const { kit } = openShop();
  const mount = () => toNodeHandler(kit, { success: { redirects: { paid: '//evil.example' } } });
  expect(thrownBy(mount)).toMatchObject({ code: 'misconfigured' });
});
