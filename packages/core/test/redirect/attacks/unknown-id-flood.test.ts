import { expect, test } from 'vitest';
import { openShop, until } from '../support/shop.js';

test('a thousand unknown ids at once are 32 queries; the rest wait without one', async () => {
  const shop = await openShop();
  const ids = Array.from({ length: 1000 }, (_, index) => `pay@${index}`);
  const waiting: (() => void)[] = [];
  for (const id of ids) {
    shop.api.on(`/v2/transaction/session-checkout/${encodeURIComponent(id)}/status`, (response) => {
      waiting.push(() => response.writeHead(404).end());
    });
  }

  const pages = Promise.all(ids.map(async (id) => shop.open(`/r?uuid=${id}`)));
  await until(() => waiting.length === 32);
  for (const answer of waiting) answer();
  const statuses = (await pages).map(({ status }) => status);

  expect(shop.api.requests).toHaveLength(32);
  expect(statuses.filter((status) => status === 404)).toHaveLength(32);
  expect(statuses.filter((status) => status === 200)).toHaveLength(968);
});

test('one unknown id asked for a thousand times is one query', async () => {
  const shop = await openShop();
  for (let round = 0; round < 1000; round += 1) await shop.open('/r?uuid=pay@404');
  expect(shop.api.requests).toHaveLength(1);
});
