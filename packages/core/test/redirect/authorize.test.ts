import { expect, test } from 'vitest';
import { STATUS_PATH, openShop, until } from './support/shop.js';

async function paidShop() {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  return shop;
}

test('authorize sees the request and the reference, and true lets through', async () => {
  const shop = await paidShop();
  const seen: unknown[] = [];
  const response = await shop.open('/r?uuid=pay@1&type=payment', {
    authorize: async (request, reference) => {
      seen.push([request.url, reference]);
      return true;
    },
  });
  expect(response.status).toBe(200);
  expect(seen).toEqual([['/r?uuid=pay@1&type=payment', { uuid: 'pay@1', type: 'payment' }]]);
});

test("a refusal looks exactly like an unknown payment's page, and asks the API nothing", async () => {
  const shop = await paidShop();
  const refused = await shop.open('/r?uuid=pay@1', { authorize: () => false });
  expect(shop.api.requests).toHaveLength(0);

  const unknown = await (await openShop()).open('/r?uuid=pay@1');
  expect(refused.status).toBe(404);
  expect(refused).toEqual(unknown);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('session store down');
    },
  ],
  ['rejects with a text', async () => Promise.reject<boolean>('no')],
])('an authorize that %s lets nobody through and is reported', async (_what, authorize) => {
  const shop = await paidShop();
  const response = await shop.open('/r?uuid=pay@1', { authorize });
  expect(response.status).toBe(404);
  expect(response.body).not.toContain('session store down');
  expect(shop.logger.lines.map(({ level }) => level)).toEqual(['error']);
});

test('an authorize that never answers lets nobody through', async () => {
  const shop = await paidShop();
  let asked = false;
  const opened = shop.open('/r?uuid=pay@1', {
    authorize: async () => {
      asked = true;
      return new Promise<boolean>(() => undefined);
    },
  });
  await until(() => asked);
  shop.clock.advance(5000);
  expect((await opened).status).toBe(404);
});

test('only true is a yes', async () => {
  const shop = await paidShop();
  const truthy: unknown = { id: 'user-1' };
  const response = await shop.open('/r?uuid=pay@1', { authorize: () => truthy as boolean });
  expect(response.status).toBe(404);
});
