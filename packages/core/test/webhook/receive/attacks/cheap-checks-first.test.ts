import { Readable } from 'node:stream';
import { verifySignature } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openShop, post, SECRET, type Shop } from '../../../support/shop.js';

const body = { v1: fixtures.v1.paymentCompleted(), v2: fixtures.v2['payment.completed']() };

function signed(shop: Shop, version: 'v1' | 'v2', changes: object = {}) {
  return signDelivery({
    version,
    body: body[version],
    secret: SECRET,
    clock: shop.clock,
    ...changes,
  });
}

/** How often this body is parsed as JSON from now on. */
function countParses(bytes: Uint8Array): () => number {
  const text = Buffer.from(bytes).toString('utf8');
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  return () => parse.mock.calls.filter(([parsed]) => parsed === text).length;
}

const worthless: [string, (shop: Shop) => ReturnType<typeof signDelivery>][] = [
  ['an hour old', (shop) => signed(shop, 'v1', { timestamp: 1_790_852_400 })],
  [
    'with a signature that is too short',
    (shop) => {
      const { headers, body: bytes } = signed(shop, 'v1');
      return { headers: { ...headers, 'x-webhook-signature-256': 'sha256=00' }, body: bytes };
    },
  ],
  [
    'without a timestamp',
    (shop) => {
      const { 'x-webhook-timestamp': _gone, ...headers } = signed(shop, 'v1').headers;
      return { headers, body: signed(shop, 'v1').body };
    },
  ],
];

test.each(worthless)('a v1 delivery %s is refused without being parsed', async (_name, make) => {
  const shop = openShop();
  const delivery = make(shop);
  const parses = countParses(delivery.body);
  expect((await shop.kit.handleWebhook(post(delivery))).status).toBe(401);
  expect(parses()).toBe(0);
});

test.each(worthless)('of a delivery %s nothing is kept while it is sent', async (_name, make) => {
  const shop = openShop();
  const { headers } = make(shop);
  const chunks = Array.from({ length: 64 }, () => Buffer.alloc(16_384));
  const concat = vi.spyOn(Buffer, 'allocUnsafeSlow');
  onTestFinished(() => concat.mockRestore());
  const stream = Readable.from(chunks);
  const { status } = await shop.kit.handleWebhook({ method: 'POST', url: '/', headers, stream });
  expect([status, concat.mock.calls.length]).toEqual([401, 0]);
});

test('what is too large, too slow or broken off is called that, whatever its headers say', async () => {
  const shop = openShop({ bodyLimitBytes: 100 });
  const request = { method: 'POST', url: '/', headers: {} };
  const large = Readable.from([Buffer.alloc(101)]);
  expect((await shop.kit.handleWebhook({ ...request, stream: large })).status).toBe(413);
  const slow = shop.kit.handleWebhook({
    ...request,
    stream: new Readable({ read: () => undefined }),
  });
  await shop.clock.advance(30_000);
  expect((await slow).status).toBe(408);
  const gone = new Readable({ read: () => undefined });
  const broken = shop.kit.handleWebhook({ ...request, stream: gone });
  gone.destroy();
  expect((await broken).status).toBe(400);
});

test('a v1 delivery is parsed once to verify it, however many secrets there are', async () => {
  const secrets = ['whsec_1', 'whsec_2', 'whsec_3', SECRET];
  const shop = openShop({ webhookSecret: secrets });
  const forged = signed(shop, 'v1', { secret: 'whsec_a_guess' });
  const genuine = signed(shop, 'v1');
  const parses = countParses(genuine.body);
  const check = ({ headers, body: bytes }: typeof forged) =>
    verifySignature({ headers, body: bytes, secret: secrets, nowMs: shop.clock.now() }).result;
  expect([check(forged), parses()]).toEqual(['refused', 1]);
  expect([check(genuine), parses()]).toEqual(['genuine', 2]);
});
