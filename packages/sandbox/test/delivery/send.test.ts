import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { digestV2, signatureV1 } from '../support/formula.js';
import { openWorld } from '../support/world.js';

test('bodies of your own are signed as their generation wants it', async () => {
  const { sandbox, receiver } = await openWorld();
  await sandbox.send(fixtures.v2['refund.requested']());
  await sandbox.send(fixtures.v1.subscriptionStatusChanged());
  const [first, second] = receiver.received;
  if (first === undefined || second === undefined) throw new Error('nothing was delivered');
  expect(first.headers['qbitflow-signature']).toContain(`v1=${digestV2(first, 'whsec_sandbox')}`);
  expect(second.headers['x-webhook-signature-256']).toBe(signatureV1(second, 'whsec_sandbox'));
});

test('text is sent as it stands', async () => {
  const { sandbox, receiver } = await openWorld();
  const text = '{ "version": "v2", "id": "evt_1", "type": "webhook.test", "data": {"n": 1.0} }';
  await sandbox.send(text);
  expect(receiver.received[0]?.body).toBe(text);
});

test('what is not JSON is refused', async () => {
  const { sandbox } = await openWorld();
  await expect(sandbox.send('{')).rejects.toThrow('must be JSON');
});
