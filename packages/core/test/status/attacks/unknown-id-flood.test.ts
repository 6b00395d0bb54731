import { expect, test } from 'vitest';
import { openShop, until } from '../../return-page/support/shop.js';

test('a thousand unknown ids at once are forty queries, twenty-four at a time; the rest wait', async () => {
  const shop = await openShop();
  const ids = Array.from({ length: 1000 }, (_, index) => `pay@${index}`);
  const waiting: (() => void)[] = [];
  for (const id of ids) {
    shop.api.on(`/v2/transaction/session-checkout/${encodeURIComponent(id)}/status`, (response) => {
      waiting.push(() => response.writeHead(404).end());
    });
  }

  const pages = Promise.all(ids.map(async (id) => shop.open(`/r?uuid=${id}`)));
  await until(() => waiting.length === 24);
  for (const answer of waiting.splice(0)) answer();
  await until(() => waiting.length === 16);
  for (const answer of waiting.splice(0)) answer();
  await until(() => shop.queries.inFlight() === 0);
  expect(shop.api.requests).toHaveLength(40);

  shop.clock.advance(5_000);
  const statuses = (await pages).map(({ status }) => status);
  expect(statuses.filter((status) => status === 404)).toHaveLength(40);
  expect(statuses.filter((status) => status === 200)).toHaveLength(960);
});

test('one unknown id asked for a thousand times is one query', async () => {
  const shop = await openShop();
  for (let round = 0; round < 1000; round += 1) await shop.open('/r?uuid=pay@404');
  expect(shop.api.requests).toHaveLength(1);
});
