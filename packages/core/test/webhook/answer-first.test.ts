import { toNodeHandler, type HttpResponse } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { serve } from '../support/serve.js';
import { settle } from '../support/settle.js';
import { openShop, SECRET } from '../support/shop.js';

const body = fixtures.v2['payment.completed']();

test('the answer is there before the handler runs', async () => {
  const shop = openShop();
  await shop.kit.start();
  const order: string[] = [];
  shop.kit.on('payment.completed', () => order.push('handler'));
  await shop.deliver(body).then((answer: HttpResponse) => order.push(`answer ${answer.status}`));
  await settle();
  expect(order).toEqual(['answer 200', 'handler']);
});

test('on a socket, the answer is written before the handler runs', async () => {
  const shop = openShop();
  const order: string[] = [];
  shop.kit.on('payment.completed', () => order.push('handler'));
  const handler = toNodeHandler(shop.kit);
  const url = await serve((request, response) => {
    const end = response.end.bind(response);
    response.end = ((...args: Parameters<typeof end>) => {
      order.push('answer');
      return end(...args);
    }) as typeof end;
    handler(request, response);
  });
  const signed = signDelivery({ version: 'v2', body, secret: SECRET, clock: shop.clock });
  const answer = await fetch(`${url}/webhook`, { method: 'POST', ...signed });
  await settle();
  expect([answer.status, order]).toEqual([200, ['answer', 'handler']]);
});

test('a handler that blocks, throws or never ends does not change the answer', async () => {
  const shop = openShop();
  shop.kit.on('payment.completed', async () => new Promise(() => undefined));
  shop.kit.onAny(() => {
    throw new Error('no');
  });
  expect((await shop.deliver(body)).status).toBe(200);
  await settle();
  expect((await shop.deliver(fixtures.v2['webhook.test']())).status).toBe(200);
});
