import { createQBitFlow, verifySignature } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test, vi } from 'vitest';
import { openShop, post, SECRET } from '../../support/shop.js';

const body = { v1: fixtures.v1.paymentCompleted(), v2: fixtures.v2['payment.completed']() };

test('signatures of both generations are accepted unless one is switched off', async () => {
  const shop = openShop();
  expect((await shop.deliver(body.v1, { version: 'v1' })).status).toBe(200);
  expect((await shop.deliver(body.v2)).status).toBe(200);
});

test.each([
  ['v1', 'v2'],
  ['v2', 'v1'],
] as const)('with %s switched off its signatures prove nothing', async (off, on) => {
  const shop = openShop({ generations: [on] });
  const refused = await shop.deliver(body[off], { version: off });
  expect([refused.status, refused.body]).toEqual([401, '{"error":"invalid signature"}']);
  expect((await shop.deliver(body[on], { version: on })).status).toBe(200);
  await vi.waitFor(() => {
    expect(String(shop.errors[0]?.error.message)).toMatch(
      new RegExp(`missing header .*signed the ${off} way.*generations`),
    );
  });
});

test('with v1 switched off a forgery under its headers is not even parsed', async () => {
  const shop = openShop({ generations: ['v2'] });
  const forged = signDelivery({ version: 'v1', body: body.v1, secret: SECRET, clock: shop.clock });
  const parse = vi.spyOn(JSON, 'parse');
  await shop.kit.handleWebhook(post(forged));
  const parsed = parse.mock.calls.map(([text]) => text);
  parse.mockRestore();
  expect(parsed).not.toContain(Buffer.from(forged.body).toString('utf8'));
});

test('a body of v1 that is signed the v2 way is taken: what a body is, the body says', async () => {
  const shop = openShop({ generations: ['v2'] });
  expect((await shop.deliver(body.v1, { version: 'v2' })).status).toBe(200);
  expect((await shop.store.list({})).items).toMatchObject([
    { version: 'v1', type: 'payment.completed' },
  ]);
});

test('a delivery that carries both is judged by the one that counts', () => {
  const nowMs = 1_790_856_000_000;
  const sign = (version: 'v1' | 'v2', secret: string) =>
    signDelivery({ version, body: body.v2, secret, timestamp: nowMs / 1000 });
  const bytes = sign('v2', SECRET).body;
  const headers = { ...sign('v1', SECRET).headers, ...sign('v2', 'whsec_other').headers };
  const check = (generations?: ('v1' | 'v2')[]) =>
    verifySignature({
      headers,
      body: bytes,
      secret: SECRET,
      nowMs,
      ...(generations && { generations }),
    });
  expect(check()).toEqual({ result: 'genuine', version: 'v1' });
  expect(check(['v2'])).toMatchObject({ result: 'refused', reason: 'no_matching_signature' });
});

test('none at all, or one that nobody knows, is refused at creation', () => {
  expect(() => createQBitFlow({ webhookSecret: SECRET, generations: [] })).toThrow(/generations/);
  // @ts-expect-error from JavaScript it may be anything
  expect(() => createQBitFlow({ webhookSecret: SECRET, generations: ['v3'] })).toThrow(
    /generations/,
  );
});
