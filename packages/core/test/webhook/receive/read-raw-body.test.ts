import { PassThrough, Readable } from 'node:stream';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { readRawBody } from '../../../src/webhook/body.js';
import type { BodyLimits } from '../../../src/webhook/read-stream.js';
import { rejectionOf } from '../../support/rejection-of.js';
import { settle } from '../../support/settle.js';

const limits = (changes: Partial<BodyLimits> = {}): BodyLimits => ({
  clock: fakeClock(),
  bodyLimitBytes: 10,
  bodyTimeoutMs: 30_000,
  ...changes,
});
const request = (stream: Readable, headers: Record<string, string> = {}) => ({
  method: 'POST',
  url: '/webhook',
  headers,
  stream,
});

test('a body of exactly the limit is read', async () => {
  const body = await readRawBody(request(Readable.from([Buffer.from('0123456789')])), limits());
  expect(body).toEqual({ kind: 'bytes', bytes: Buffer.from('0123456789') });
});

test('an empty body is empty bytes', async () => {
  const body = await readRawBody(request(Readable.from([])), limits());
  expect(body).toEqual({ kind: 'bytes', bytes: Buffer.alloc(0) });
});

test('characters split across chunks stay whole', async () => {
  const bytes = Buffer.from('{"é":"€"}');
  const chunks = [...bytes].map((byte) => Buffer.of(byte));
  const body = await readRawBody(request(Readable.from(chunks)), limits({ bodyLimitBytes: 100 }));
  expect(body).toEqual({ kind: 'bytes', bytes });
});

test.each([
  ['a stream', (text: string) => ({ stream: Readable.from([Buffer.from(text)]) })],
  ['rawBody', (text: string) => ({ rawBody: Buffer.from(text) })],
  ['a string', (text: string) => ({ body: text })],
])('one byte over the limit is too large, in %s', async (_name, source) => {
  const sent = { method: 'POST', url: '/', headers: {}, ...source('01234567890') };
  expect(await rejectionOf(readRawBody(sent, limits()))).toMatchObject({ code: 'body_too_large' });
});

test('the limit counts bytes, not characters', async () => {
  const sent = { method: 'POST', url: '/', headers: {}, body: '€€€€' };
  expect(await rejectionOf(readRawBody(sent, limits()))).toMatchObject({ code: 'body_too_large' });
});

test('a body whose declared length is over the limit is refused before it is read', async () => {
  const stream = new PassThrough();
  const reading = readRawBody(request(stream, { 'content-length': '11' }), limits());
  expect(await rejectionOf(reading)).toMatchObject({ code: 'body_too_large' });
});

test('a body that goes on beyond its declared length is cut at the limit, once', async () => {
  const clock = fakeClock();
  const stream = new PassThrough();
  const reading = readRawBody(request(stream, { 'content-length': '5' }), limits({ clock }));
  for (let chunk = 0; chunk < 20; chunk += 1) stream.write('01234');
  expect(await rejectionOf(reading)).toMatchObject({ code: 'body_too_large' });
  await settle();
  expect([stream.readableLength, clock.waiting]).toEqual([0, 1]);
});

test('what keeps coming after a refusal is thrown away, then the connection is ended', async () => {
  const clock = fakeClock();
  const stream = new PassThrough();
  const reading = readRawBody(request(stream, { 'content-length': '11' }), limits({ clock }));
  await rejectionOf(reading);
  stream.write('more');
  await settle();
  expect([stream.readableLength, stream.destroyed]).toEqual([0, false]);
  await clock.advance(5_000);
  expect(stream.destroyed).toBe(true);
});

test('a sender that goes away while sending is told apart from a parser', async () => {
  const stream = new PassThrough();
  const reading = readRawBody(request(stream), limits());
  stream.write('1');
  stream.destroy(new Error('aborted'));
  expect(await rejectionOf(reading)).toMatchObject({ code: 'body_aborted' });
});

test.each([{}, { 'content-length': '5' }])(
  'a sender that was gone before its body was asked for is not waited for: %o',
  async (headers) => {
    const stream = new PassThrough();
    stream.destroy();
    await settle();
    const reading = readRawBody(request(stream, headers), limits());
    expect(await rejectionOf(reading)).toMatchObject({ code: 'body_aborted' });
  },
);

test('a body that does not arrive in time is given up', async () => {
  const clock = fakeClock();
  const stream = new PassThrough();
  const reading = rejectionOf(
    readRawBody(request(stream), limits({ clock, bodyTimeoutMs: 1_000 })),
  );
  stream.write('1');
  await clock.advance(999);
  expect(await Promise.race([reading, Promise.resolve('still waiting')])).toBe('still waiting');
  await clock.advance(1);
  expect(await reading).toMatchObject({ code: 'body_timeout' });
});

test('a body that arrived leaves no timer behind', async () => {
  const clock = fakeClock();
  await readRawBody(request(Readable.from([Buffer.from('1')])), limits({ clock }));
  expect(clock.waiting).toBe(0);
});

test('a stream whose encoding was set has lost its bytes', async () => {
  const stream = new PassThrough();
  stream.setEncoding('utf8');
  stream.end('1');
  expect(await rejectionOf(readRawBody(request(stream), limits()))).toMatchObject({
    code: 'body_consumed',
  });
});

test('a stream that has ended is not waited for', async () => {
  const stream = Readable.from([Buffer.from('1')]);
  await stream.toArray();
  expect(await rejectionOf(readRawBody(request(stream), limits()))).toMatchObject({
    code: 'body_consumed',
  });
});

/** As node's own parser makes one while its body is still to come. */
const parsing = (chunks: readonly string[]) =>
  Object.assign(Readable.from(chunks.map((chunk) => Buffer.from(chunk))), {
    httpVersionMajor: 1,
    complete: false,
  });

test('a request of node has arrived with the last byte that it announced', async () => {
  const stream = new PassThrough();
  const sent = request(Object.assign(stream, { httpVersionMajor: 1, complete: false }), {
    'content-length': '4',
  });
  const reading = readRawBody(sent, limits());
  stream.write('ab');
  stream.write('cd');
  // It is never ended.
  expect(await reading).toEqual({ kind: 'bytes', bytes: Buffer.from('abcd') });
});

test('one that announced more than it has is not waited for', async () => {
  const sent = request(parsing(['ab', 'c']), { 'content-length': '9' });
  expect(await readRawBody(sent, limits())).toEqual({ kind: 'bytes', bytes: Buffer.from('abc') });
});

test('of one that was put together by a platform all bytes count, whatever it announced', async () => {
  const sent = request(Object.assign(parsing(['ab', 'cd']), { complete: true }), {
    'content-length': '2',
  });
  expect(await readRawBody(sent, limits())).toEqual({ kind: 'bytes', bytes: Buffer.from('abcd') });
});
