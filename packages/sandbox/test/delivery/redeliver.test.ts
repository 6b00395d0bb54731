import { expect, test } from 'vitest';
import { call, openPayment, openWorld } from '../support/world.js';

test('a logged event can be sent again, over HTTP too', async () => {
  const { sandbox, receiver } = await openWorld();
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const id = sandbox.events[0]?.id ?? '';
  expect(await sandbox.redeliver(id)).toMatchObject({ eventId: id, state: 'delivered' });
  expect((await call(sandbox, `POST /sandbox/events/${id}/redeliver`)).status).toBe(200);
  expect(receiver.received.map(({ headers }) => headers['qbitflow-event-id'])).toEqual([
    id,
    id,
    id,
  ]);
});

test('an event that was only logged is delivered once there is somewhere to send it', async () => {
  const { sandbox, receiver } = await openWorld({ webhookUrl: undefined });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  expect(sandbox.deliveries).toEqual([]);
  await expect(sandbox.redeliver(sandbox.events[0]?.id ?? '')).rejects.toThrow('no webhook URL');
  sandbox.setWebhookUrl(receiver.url);
  expect(await sandbox.redeliver(sandbox.events[0]?.id ?? '')).toMatchObject({
    state: 'delivered',
  });
});

test('an unknown event is refused', async () => {
  const { sandbox } = await openWorld();
  expect((await call(sandbox, 'POST /sandbox/events/evt_none/redeliver')).status).toBe(404);
});
