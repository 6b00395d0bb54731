import { expect, test } from 'vitest';
import { asksForJson, openShop } from '../support/shop.js';

test.each([
  '?uuid=pay@1&uuid=pay@2',
  '?uuid=pay@1&UUID=pay@2&uuid=pay@3',
  '?uuid[]=pay@1',
  '?uuid[0]=pay@1&uuid[1]=pay@2',
  '?uuid[toString]=pay@1',
  '?__proto__=pay@1',
  `?${'uuid=pay@1&'.repeat(1000)}`,
])('%s is 400 and asks nothing', async (query) => {
  const shop = await openShop();
  const response = await shop.open(`/r${query}`, {}, asksForJson);
  expect(response.status).toBe(400);
  expect(JSON.parse(response.body)).toEqual({
    state: 'invalid',
    final: true,
    attemptFailed: false,
  });
  expect(shop.api.requests).toHaveLength(0);
});
