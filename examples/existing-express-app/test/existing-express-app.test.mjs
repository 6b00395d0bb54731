import { expect, test } from 'vitest';
import { deliver, openExample } from '../../../test/docs/example-apps.js';

test('the webhook comes before parsers and login, and the app is as it was', async () => {
  const example = await openExample('existing-express-app');
  const shop = await example.start('server.mjs');
  const json = { 'content-type': 'application/json' };
  const note = { method: 'POST', headers: json, body: '{"text":"call back"}' };
  expect((await fetch(`${shop.url}/notes`, note)).status).toBe(401);
  const signedIn = { ...note, headers: { ...json, authorization: 'Bearer of-staff' } };
  expect(await (await fetch(`${shop.url}/notes`, signedIn)).json()).toEqual({ text: 'call back' });

  const order = { data: { reference: 'order-1' } };
  expect(await deliver(shop.url, 'payment.completed', order)).toEqual({ status: 200 });
  await expect.poll(shop.output).toBe('ship order-1\n');
  const again = { status: 200, duplicate: true };
  expect(await deliver(shop.url, 'payment.completed', order)).toEqual(again);
  expect(await deliver(shop.url, 'payment.completed', order, 'whsec_of_a_stranger')).toEqual({
    status: 401,
  });
  expect(await shop.stop()).toBe(0);
  expect(shop.output().match(/ship .*/g)).toEqual(['ship order-1']);
});
