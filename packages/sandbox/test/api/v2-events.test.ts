import { expect, test } from 'vitest';
import { call, openPayment, openSubscription, openWorld } from '../support/world.js';

test('the log is newest first, in pages, by type, with deliveries', async () => {
  const { sandbox } = await openWorld({ deliver: 'v1' });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.expire(await openPayment(sandbox));
  await sandbox.idle();
  const types = async (query: string) => {
    const { body } = await call(sandbox, `GET /v2/webhooks/events${query}`);
    const items: { id: string; type: string }[] = Object(body['items']);
    return { types: items.map(({ type }) => type), cursor: body['nextCursor'], items };
  };
  const first = await types('?limit=2');
  expect(first.types).toEqual(['checkout.expired', 'subscription.billed']);
  expect(first.cursor).toBe(first.items[1]?.id);
  const second = await types(`?limit=2&cursor=${String(first.cursor)}`);
  expect(second.types).toEqual(['subscription.created', 'payment.completed']);
  expect(second.cursor).toBeNull();
  expect((await types('?type=payment.completed')).types).toEqual(['payment.completed']);
});

test('one event shows how its deliveries went', async () => {
  const { sandbox } = await openWorld();
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const id = sandbox.events[0]?.id ?? '';
  expect((await call(sandbox, `GET /v2/webhooks/events/${id}`)).body).toMatchObject({
    id,
    type: 'payment.completed',
    deliveries: [{ status: 'delivered', attempts: [{ responseStatus: 200 }] }],
  });
});

test.each(['limit=0', 'limit=101', 'limit=x', 'cursor=evt_none'])('refuses ?%s', async (query) => {
  const { sandbox } = await openWorld();
  expect((await call(sandbox, `GET /v2/webhooks/events?${query}`)).status).toBe(400);
});
