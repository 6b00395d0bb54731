import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { digestV2 } from '../support/formula.js';
import { openPayment, openWorld } from '../support/world.js';

test('a v2 delivery carries the signature that protocol §3 says, over the bytes sent', async () => {
  const { sandbox, receiver } = await openWorld();
  const uuid = await openPayment(sandbox, { productName: "Tüte & 'mehr' 🛍" });
  await sandbox.pay(uuid);
  await sandbox.idle();
  const [delivery] = receiver.received;
  if (delivery === undefined) throw new Error('nothing was delivered');
  const { headers, body } = delivery;
  expect(headers['qbitflow-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  expect(headers['qbitflow-signature']).toContain(`,v1=${digestV2(delivery, 'whsec_sandbox')}`);
  const event = JSON.parse(body);
  expect(event).toMatchObject({
    type: 'payment.completed',
    version: 'v2',
    test: true,
    data: { uuid },
  });
  expect(headers).toMatchObject({
    'qbitflow-event-id': event.id,
    'qbitflow-event-type': 'payment.completed',
    'qbitflow-webhook-version': 'v2',
    'content-type': 'application/json',
  });
});

test('after a rotation both secrets sign', async () => {
  const { sandbox, receiver } = await openWorld({ secret: 'whsec_old' });
  expect(sandbox.rotateSecret('whsec_new')).toBe('whsec_new');
  expect(sandbox.secret).toBe('whsec_new');
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const [delivery] = receiver.received;
  if (delivery === undefined) throw new Error('nothing was delivered');
  const digests = ['whsec_new', 'whsec_old'].map((secret) => `v1=${digestV2(delivery, secret)}`);
  expect(delivery.headers['qbitflow-signature']).toContain(`,${digests.join(',')}`);
});

test('the retired secret signs no more after 24 hours', async () => {
  const clock = fakeClock();
  const { sandbox, receiver } = await openWorld({ clock, secret: 'whsec_old' });
  sandbox.rotateSecret('whsec_new');
  await clock.advance(86_400_000);
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const [delivery] = receiver.received;
  if (delivery === undefined) throw new Error('nothing was delivered');
  expect(delivery.headers['qbitflow-signature']).toBe(
    `t=1790942400,v1=${digestV2(delivery, 'whsec_new')}`,
  );
});
