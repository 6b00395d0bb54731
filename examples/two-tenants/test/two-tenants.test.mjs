import { expect, test } from 'vitest';
import { deliver, openExample } from '../../../test/docs/example-apps.js';

test('the same payment of two merchants is two, and neither sees the other’s', async () => {
  const example = await openExample('two-tenants');
  const server = await example.start('server.mjs');
  const [tea, books] = ['tea', 'books'].map((name) => ({
    deliver: async (secret, overrides) =>
      deliver(`${server.url}/${name}`, 'payment.completed', overrides, secret),
    shipped: () => server.output().match(new RegExp(`^${name} ships .*`, 'gm')) ?? [],
  }));
  const order = { data: { reference: 'order-1' } };
  expect(await tea.deliver('whsec_of_tea', order)).toEqual({ status: 200 });
  await expect.poll(tea.shipped).toEqual(['tea ships order-1']);
  expect(books.shipped()).toEqual([]);

  expect(await books.deliver('whsec_of_tea', order)).toEqual({ status: 401 });
  expect(await books.deliver('whsec_of_books', order)).toEqual({ status: 200 });
  await expect.poll(books.shipped).toEqual(['books ships order-1']);

  const again = { status: 200, duplicate: true };
  expect(await tea.deliver('whsec_of_tea', order)).toEqual(again);
  expect(await books.deliver('whsec_of_books', order)).toEqual(again);
  expect(await server.stop()).toBe(0);
  expect([...tea.shipped(), ...books.shipped()]).toHaveLength(2);
});
