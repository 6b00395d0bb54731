import { expect, it } from 'vitest';
import { fakeClock, fixtures, signDelivery } from '../../src/testing/index.js';

const BODY =
  '{"createdAt":"2026-10-01T12:00:00Z","data":{},"id":"evt_3f1c2d4e-5a6b-5c7d-8e9f-0a1b2c3d4e5f","test":false,"type":"webhook.test","version":"v2"}';

it('signs v2 with every secret, as the protocol vectors have it', () => {
  const secret = ['whsec_new_secret', 'whsec_old_secret'];
  const { headers, body } = signDelivery({
    version: 'v2',
    body: BODY,
    secret,
    timestamp: 1_790_856_000,
  });
  expect(Buffer.from(body).toString()).toBe(BODY);
  expect(headers).toEqual({
    'content-type': 'application/json',
    'qbitflow-signature':
      't=1790856000,v1=4a158046f55556e922bdec376a917c3ac338ba575b495f825427541a60bd2f4d,v1=1cc78a6297ad96dd282d9d0399def50ed42a4e651885ac79f8528194227bc4f5',
    'qbitflow-event-id': 'evt_3f1c2d4e-5a6b-5c7d-8e9f-0a1b2c3d4e5f',
    'qbitflow-event-type': 'webhook.test',
    'qbitflow-webhook-version': 'v2',
  });
});

it('signs v1 with the first secret, over the value', () => {
  const secret = ['whsec_test_0123456789abcdef', 'whsec_other'];
  const bytes = Buffer.from(' { "b": 2, "a": 1, "c": 3 } ');
  const { headers, body } = signDelivery({
    version: 'v1',
    body: bytes,
    secret,
    timestamp: 1_700_000_000,
    id: 'pay@1',
  });
  expect(body).toBe(bytes);
  expect(headers).toEqual({
    'content-type': 'application/json',
    'x-webhook-signature-256':
      'sha256=cefa417c919e24dadad16670fb997f379aece68be25f46d70bd2ee6541bb7b0a',
    'x-webhook-timestamp': '1700000000',
    'x-webhook-id': 'pay@1',
  });
});

it('stamps with the clock and takes the id from the body', () => {
  const clock = fakeClock(1_700_000_000_999);
  const body = fixtures.v1.connectivityTest();
  expect(signDelivery({ version: 'v1', body, secret: 's', clock }).headers).toMatchObject({
    'x-webhook-timestamp': '1700000000',
    'x-webhook-id': 'test-webhook-id',
  });
});

it('signs what is not JSON for v2, and says why it cannot for v1', () => {
  const broken = { body: '{"a":', secret: 's', timestamp: 1 };
  expect(signDelivery({ version: 'v2', ...broken }).headers).toMatchObject({
    'qbitflow-event-id': '',
  });
  expect(() => signDelivery({ version: 'v1', ...broken })).toThrow(
    expect.objectContaining({ code: 'misconfigured' }),
  );
  expect(() => signDelivery({ version: 'v2', body: {}, secret: [] })).toThrow(
    'at least one secret',
  );
});
