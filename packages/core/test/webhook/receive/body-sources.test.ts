import { Readable } from 'node:stream';
import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import type { HttpRequest } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { openShop, SECRET, type Shop } from '../../support/shop.js';

// Bytes that no JSON.stringify would write again.
const v2Text = JSON.stringify(fixtures.v2['payment.completed']()).replace('4.99', '4.990');
const v1Value = fixtures.v1.paymentCompleted();

const sign = (shop: Shop, version: 'v1' | 'v2') =>
  signDelivery({
    version,
    body: version === 'v2' ? v2Text : v1Value,
    secret: SECRET,
    clock: shop.clock,
  });

async function receive(
  version: 'v1' | 'v2',
  source: (signed: SignedDelivery) => Partial<HttpRequest>,
) {
  const shop = openShop();
  const signed = sign(shop, version);
  const request = { method: 'POST', url: '/webhook', headers: signed.headers, ...source(signed) };
  return shop.kit.handleWebhook(request);
}

const textOf = ({ body }: SignedDelivery) => Buffer.from(body).toString();
const readOut = () => {
  const stream = Readable.from([Buffer.from('{}')]);
  stream.resume();
  stream.read();
  return stream;
};

test.each<[string, (signed: SignedDelivery) => Partial<HttpRequest>]>([
  ['the stream', ({ body }) => ({ stream: Readable.from([body]) })],
  [
    'a stream of single bytes',
    ({ body }) => ({ stream: Readable.from([...body].map((byte) => Buffer.of(byte))) }),
  ],
  ['a Buffer in rawBody', ({ body }) => ({ rawBody: Buffer.from(body) })],
  ['a string in rawBody', (signed) => ({ rawBody: textOf(signed) })],
  ['a Buffer in body', ({ body }) => ({ body: Buffer.from(body) })],
  ['a Uint8Array in body', ({ body }) => ({ body: new Uint8Array(body) })],
  ['a string in body', (signed) => ({ body: textOf(signed) })],
  [
    'rawBody when body is parsed and the stream was read',
    ({ body }) => ({ rawBody: Buffer.from(body), body: { parsed: true }, stream: readOut() }),
  ],
  [
    "the unread stream behind Express 4's empty body",
    ({ body }) => ({ body: {}, stream: Readable.from([body]) }),
  ],
])('v2 is verified over %s', async (_name, source) => {
  expect((await receive('v2', source)).status).toBe(200);
});

test('a view into a larger buffer is read from where it begins', async () => {
  const { status } = await receive('v2', ({ body }) => {
    const pool = Buffer.concat([Buffer.from('xxx'), body, Buffer.from('yyy')]);
    return { rawBody: pool.subarray(3, 3 + body.length) };
  });
  expect(status).toBe(200);
});

test.each<[string, (signed: SignedDelivery) => Partial<HttpRequest>]>([
  ['the stream', ({ body }) => ({ stream: Readable.from([body]) })],
  ['a parsed value', () => ({ body: v1Value, stream: readOut() })],
  ['a parsed value, where there is no stream', () => ({ body: v1Value })],
])('v1 is verified over %s', async (_name, source) => {
  expect((await receive('v1', source)).status).toBe(200);
});

test('a parsed v1 value that was changed is refused', async () => {
  const { status } = await receive('v1', () => ({ body: { ...v1Value, uuid: 'pay@other' } }));
  expect(status).toBe(401);
});

const REMEDY =
  '{"error":"a body parser consumed the body and the signed bytes are gone: mount the QBitFlow route before express.json(), koa-body and the like, or keep the bytes in req.rawBody / ctx.request.rawBody"}';

test.each<[string, () => Partial<HttpRequest>]>([
  ['a parser left its value', () => ({ body: JSON.parse(v2Text), stream: readOut() })],
  ["a parser left Express's empty body", () => ({ body: {}, stream: readOut() })],
  ['somebody read the stream and kept nothing', () => ({ stream: readOut() })],
  ['there is neither stream nor body', () => ({})],
  ['body is null', () => ({ body: null })],
])('v2 answers at once, saying how to mount the route, when %s', async (_name, source) => {
  const { status, body } = await receive('v2', source);
  expect([status, body]).toEqual([500, REMEDY]);
});

test('a v1 body that was read and not kept is answered the same way', async () => {
  const { status, body } = await receive('v1', () => ({ stream: readOut() }));
  expect([status, body]).toEqual([500, REMEDY]);
});
