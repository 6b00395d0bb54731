import { withWebhook } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { thrownBy } from '../support/rejection-of.js';
import { serve } from '../support/serve.js';
import { openShop, SECRET } from '../support/shop.js';

/** An app behind the webhook that answers 299 with the path it saw. */
async function send(mounted: string, path: string, method = 'POST') {
  const shop = openShop();
  const listener = withWebhook(
    (request, response) => {
      response.writeHead(299).end(request.url);
    },
    shop.kit,
    { path: mounted },
  );
  const url = await serve(listener);
  const { headers, body } = signDelivery({
    version: 'v2',
    body: fixtures.v2['payment.completed'](),
    secret: SECRET,
    clock: shop.clock,
  });
  const answer = await fetch(url + path, { method, headers, ...(method === 'POST' && { body }) });
  return [answer.status, await answer.text()];
}

const RECEIVED = [200, '{"received":true}'];

test.each([
  ['/hooks/qbitflow', '/hooks/qbitflow'],
  ['/hooks/qbitflow', '/hooks/qbitflow/'],
  ['/hooks/qbitflow', '/hooks/qbitflow?a=b'],
  ['/hooks/qbitflow/', '/hooks/qbitflow'],
  ['/hooks/qbitflow/', '/hooks/qbitflow/'],
  ['/', '/'],
])('mounted at %s it takes %s', async (mounted, path) => {
  expect(await send(mounted, path)).toEqual(RECEIVED);
});

test.each(['/', '/hooks', '/hooks/qbitflow/x', '/hooks/qbitflowx'])(
  '%s goes to the app, untouched',
  async (path) => {
    expect(await send('/hooks/qbitflow', path)).toEqual([299, path]);
  },
);

test('a GET of the webhook is answered here, not by the app', async () => {
  expect((await send('/hooks', '/hooks', 'GET'))[0]).toBe(405);
});

test('a path that could never match is refused', () => {
  const { kit } = openShop();
  const mount = () => withWebhook(() => undefined, kit, { path: 'webhook' });
  expect(thrownBy(mount)).toMatchObject({ code: 'misconfigured' });
});
