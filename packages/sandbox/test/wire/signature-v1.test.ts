import { expect, test } from 'vitest';
import { signatureV1 } from '../support/formula.js';
import { openPayment, openSubscription, openWorld } from '../support/world.js';

test('a v1 delivery carries the signature that protocol §3 says, over the canonical body', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1' });
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  await sandbox.idle();
  const [delivery] = receiver.received;
  if (delivery === undefined) throw new Error('nothing was delivered');
  expect(delivery.headers['x-webhook-signature-256']).toBe(signatureV1(delivery, 'whsec_sandbox'));
  expect(delivery.headers['x-webhook-id']).toBe(uuid);
  expect(JSON.parse(delivery.body)).toMatchObject({
    uuid,
    txType: 'payment',
    status: { status: 'completed' },
    session: { uuid, price: 4.99 },
  });
});

test('v1 signs with the new secret after a rotation', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1' });
  sandbox.rotateSecret('whsec_new');
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const [delivery] = receiver.received;
  if (delivery === undefined) throw new Error('nothing was delivered');
  expect(delivery.headers['x-webhook-signature-256']).toBe(signatureV1(delivery, 'whsec_new'));
});

test('a paid subscription is reported by a transaction webhook and a billing webhook', async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'v1' });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.idle();
  const bodies = receiver.received.map(({ body }) => JSON.parse(body));
  expect(bodies).toHaveLength(2);
  expect(bodies.find((body) => 'txType' in body)).toMatchObject({ txType: 'createSubscription' });
  expect(bodies.find((body) => 'type' in body)).toMatchObject({
    subscriptionUUID: uuid,
    type: 'billing',
    data: { uuid: expect.stringMatching(/^sub-hist@/), amount: 4.99 },
  });
});
