import { runInNewContext } from 'node:vm';
import { parseEvent, verifySignature } from '@qbitflow/core';
import { fakeClock, fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, post, SECRET } from '../../support/shop.js';

const Foreign = runInNewContext('Uint8Array') as Uint8ArrayConstructor;

/** A delivery whose bytes are of another realm, as under a test runner that has a `Uint8Array` of its own. */
function foreign(version: 'v1' | 'v2') {
  const body =
    version === 'v1' ? fixtures.v1.paymentCompleted() : fixtures.v2['payment.completed']();
  const signed = signDelivery({ version, body, secret: SECRET, clock: fakeClock() });
  const bytes = Foreign.from(signed.body);
  expect(bytes instanceof Uint8Array).toBe(false);
  return { ...signed, bytes };
}

test.each(['v1', 'v2'] as const)('bytes of another realm are bytes: %s', async (version) => {
  const { headers, body, bytes } = foreign(version);
  const { kit } = openShop();
  const asRaw = post({ headers, body }, { rawBody: bytes });
  expect(await kit.handleWebhook(asRaw)).toMatchObject({ status: 200, body: '{"received":true}' });
  const asBody = post({ headers, body }, { rawBody: undefined, body: bytes });
  expect(await kit.handleWebhook(asBody)).toMatchObject({ status: 200 });
  const nowMs = fakeClock().now();
  const verdict = verifySignature({ headers, body: bytes, secret: SECRET, nowMs });
  expect(verdict).toMatchObject({ result: 'genuine' });
  expect(parseEvent({ version, body: bytes })).toMatchObject({ ok: true });
  expect(signDelivery({ version, body: bytes, secret: SECRET }).body).toBe(bytes);
});

test.each([
  ['of another realm', (): Error => runInNewContext('new RangeError("no such row")') as Error],
  ['of Node itself', (): Error => Object.assign(new Error('no such row'), { code: 'ENOENT' })],
])("a handler's error %s keeps its message", async (_name, make) => {
  const { kit, deliver, errors } = openShop();
  kit.on('payment.completed', () => {
    throw make();
  });
  await deliver(fixtures.v2['payment.completed']());
  await settle();
  expect(errors[0]?.error.message).toBe('no such row');
});
