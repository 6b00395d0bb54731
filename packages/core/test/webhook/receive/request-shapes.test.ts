import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import type { HttpRequest } from '@qbitflow/core';
import { fixtures, signDelivery, type SignedDelivery } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { openShop, SECRET } from '../../support/shop.js';

/** Answers at once, or the test would run out of time: nobody turns the clock. */
async function receive(
  shape: (signed: SignedDelivery) => Partial<HttpRequest>,
  { version = 'v2' }: { version?: 'v1' | 'v2' } = {},
) {
  const { kit, clock } = openShop();
  const body =
    version === 'v2' ? fixtures.v2['payment.completed']() : fixtures.v1.paymentCompleted();
  const signed = signDelivery({ version, body, secret: SECRET, clock });
  const { headers } = signed;
  return kit.handleWebhook({ method: 'POST', url: '/webhook', headers, ...shape(signed) });
}

/** What a test double or a serverless host passes for the request: it says nothing by itself, ever. */
function emitter(more: object = {}): Readable {
  return Object.assign(new EventEmitter(), more) as unknown as Readable;
}

const textOf = ({ body }: SignedDelivery) => Buffer.from(body).toString();

describe('a request that is no stream', () => {
  test.each<[string, object]>([
    ['an event emitter', {}],
    ['one that can be resumed', { resume: () => undefined }],
    ['one with all but `read`', { resume: () => undefined, destroy: () => undefined }],
    ['one that passes for a stream to `unpipe`', { _readableState: { pipesCount: 0 } }],
  ])('%s: the bytes that its host left are used', async (_name, double) => {
    const stream = emitter(double);
    for (const shape of [
      ({ body }: SignedDelivery) => ({ stream, rawBody: Buffer.from(body), body: {} }),
      (signed: SignedDelivery) => ({ stream, rawBody: textOf(signed), body: {} }),
      ({ body }: SignedDelivery) => ({ stream, body: Buffer.from(body) }),
      (signed: SignedDelivery) => ({ stream, body: textOf(signed) }),
    ])
      expect((await receive(shape)).status).toBe(200);
  });

  test('with a parsed body only, v1 is verified and v2 is told the remedy', async () => {
    const parsed = (signed: SignedDelivery) => ({
      stream: emitter(),
      body: JSON.parse(textOf(signed)) as unknown,
    });
    expect((await receive(parsed, { version: 'v1' })).status).toBe(200);
    const answer = await receive(parsed);
    expect([answer.status, answer.body]).toEqual([500, expect.stringContaining('req.rawBody')]);
  });

  test('with nothing on it, the remedy is told at once', async () => {
    const answer = await receive(() => ({ stream: emitter() }));
    expect([answer.status, answer.body]).toEqual([500, expect.stringContaining('body parser')]);
  });
});

describe('a stream that somebody touched and did not read', () => {
  test.each<[string, (stream: Readable) => unknown]>([
    ['paused', (stream) => stream.pause()],
    ['paused after it flowed', (stream) => stream.resume().pause()],
    ['listened to for `readable`', (stream) => stream.on('readable', () => undefined)],
    [
      'listened to for `readable`, and paused',
      (stream) => stream.on('readable', () => undefined).pause(),
    ],
    ['listened to for its end', (stream) => stream.on('end', () => undefined)],
  ])('%s: it is read', async (_name, touch) => {
    for (const length of [undefined, 'declared']) {
      const answer = await receive((signed) => {
        const half = Math.floor(signed.body.length / 2);
        const bytes = Buffer.from(signed.body);
        const stream = Readable.from([bytes.subarray(0, half), bytes.subarray(half)]);
        touch(stream);
        const headers = length && { 'content-length': String(bytes.length) };
        return { stream, headers: { ...signed.headers, ...headers } };
      });
      expect(answer.status).toBe(200);
    }
  });

  test('a listener to `readable` that is over the limit is answered 413 all the same', async () => {
    const answer = await receive(() => {
      const stream = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(65_536)));
      stream.on('readable', () => undefined);
      return { stream };
    });
    expect(answer.status).toBe(413);
  });
});

test.each([
  ['Qbitflow-Signature', (name: string) => name.replace(/(^|-)\w/g, (part) => part.toUpperCase())],
  ['QBITFLOW-SIGNATURE', (name: string) => name.toUpperCase()],
])('header names as %s', async (_name, rename) => {
  const answer = await receive(({ headers, body }) => ({
    rawBody: Buffer.from(body),
    headers: Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [rename(name), value]),
    ),
  }));
  expect(answer.status).toBe(200);
});
