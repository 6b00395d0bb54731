import { PassThrough } from 'node:stream';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { describe, expect, test } from 'vitest';
import { readStream, type BodyLimits } from '../../../../src/webhook/read-stream.js';
import { UnverifiedBytes } from '../../../../src/webhook/body-buffer.js';
import { fakeClock } from '../../../../src/testing/index.js';
import { rejectionOf } from '../../../support/rejection-of.js';
import { settle } from '../../../support/settle.js';
import { openShop, SECRET, type Shop } from '../../../support/shop.js';

const MIB = 1_048_576;

describe('a kit', () => {
  const plausible = (shop: Shop): Record<string, string> =>
    signDelivery({ version: 'v2', body: {}, secret: 'whsec_a_guess', clock: shop.clock }).headers;

  /** A body of 1 MiB that is never finished. */
  function unfinished(shop: Shop, headers: Record<string, string>) {
    const stream = new PassThrough({ highWaterMark: MIB });
    const answer = shop.kit.handleWebhook({ method: 'POST', url: '/webhook', headers, stream });
    stream.write(Buffer.alloc(MIB - 1, 0x30));
    return { stream, answer };
  }

  test('holds 64 MiB of bodies nobody has vouched for; those sent longest are asked to come again', async () => {
    const shop = openShop();
    const flood = Array.from({ length: 80 }, () => unfinished(shop, plausible(shop)));
    await settle();
    const genuine = await shop.deliver(fixtures.v2['payment.completed']());
    expect([genuine.status, genuine.body]).toEqual([200, '{"received":true}']);
    const answers = await Promise.all(
      flood.map(async ({ answer }) => Promise.race([answer, settle(50)])),
    );
    const given = answers.flatMap((answer, index) => (answer === undefined ? [] : [index]));
    expect(given.length).toBeGreaterThanOrEqual(80 - 64);
    expect(given).toEqual(given.map((_, index) => index));
    expect(answers[0]).toMatchObject({ status: 503, headers: { 'retry-after': '10' } });
    for (const { stream } of flood) stream.destroy();
    await settle();
    // All of it is free again: as many more are held without anybody being given up.
    const again = Array.from({ length: 60 }, () => unfinished(shop, plausible(shop)));
    await settle();
    const late = await Promise.race([...again.map(async ({ answer }) => answer), settle(50)]);
    expect(late).toBeUndefined();
    for (const { stream } of again) stream.destroy();
  });

  test('holds nothing of bodies whose headers prove nothing', async () => {
    const shop = openShop();
    const flood = Array.from({ length: 80 }, () => unfinished(shop, {}));
    await settle();
    const given = await Promise.race([...flood.map(async ({ answer }) => answer), settle(50)]);
    expect(given).toBeUndefined();
    for (const { stream } of flood) stream.end('0');
    const answers = await Promise.all(flood.map(async ({ answer }) => answer));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  });

  test('takes a large genuine delivery that comes in pieces while strangers hold what they can', async () => {
    const shop = openShop();
    const flood = Array.from({ length: 63 }, () => unfinished(shop, plausible(shop)));
    await settle();
    const body = fixtures.v2['payment.completed']({ data: { note: 'x'.repeat(900_000) } });
    const { headers, body: bytes } = signDelivery({
      version: 'v2',
      body,
      secret: SECRET,
      clock: shop.clock,
    });
    const stream = new PassThrough();
    const answer = shop.kit.handleWebhook({ method: 'POST', url: '/webhook', headers, stream });
    for (let at = 0; at < bytes.length; at += 65_536) {
      stream.write(bytes.subarray(at, at + 65_536));
      await settle();
    }
    stream.end();
    expect((await answer).status).toBe(200);
    for (const one of flood) one.stream.destroy();
  });
});

describe('what is held is given back', () => {
  const LIMIT = 10_000;

  function read(unverified: UnverifiedBytes, changes: Partial<BodyLimits> = {}, length?: number) {
    const clock = fakeClock();
    const stream = new PassThrough();
    const held = unverified.open();
    const limits = { clock, bodyLimitBytes: 9_000, bodyTimeoutMs: 1_000, ...changes };
    const headers = length === undefined ? {} : { 'content-length': String(length) };
    const reading = readStream(stream, { headers, limits, held });
    reading.catch(() => undefined);
    return { clock, stream, held, reading };
  }

  const endings: [string, string, (one: ReturnType<typeof read>) => unknown][] = [
    ['is broken off', 'body_aborted', ({ stream }) => stream.destroy()],
    ['fails', 'body_aborted', ({ stream }) => stream.destroy(new Error('reset'))],
    ['takes too long', 'body_timeout', async ({ clock }) => clock.advance(1_000)],
    ['grows too large', 'body_too_large', ({ stream }) => stream.write(Buffer.alloc(9_000))],
  ];

  test.each(endings)('by a body that %s', async (_name, code, end) => {
    const unverified = new UnverifiedBytes(LIMIT);
    const one = read(unverified);
    one.stream.write('12345');
    await settle();
    expect(unverified.used).toBeGreaterThan(0);
    await end(one);
    expect(await rejectionOf(one.reading)).toMatchObject({ code });
    expect(unverified.used).toBe(0);
  });

  test('by one that had to make room, which is answered 503', async () => {
    const unverified = new UnverifiedBytes(LIMIT);
    const first = read(unverified);
    first.stream.write(Buffer.alloc(6_000));
    await settle();
    const second = read(unverified);
    second.stream.write(Buffer.alloc(6_000));
    await settle();
    expect(await rejectionOf(first.reading)).toMatchObject({ code: 'overloaded' });
    expect(unverified.used).toBeLessThanOrEqual(LIMIT);
    second.stream.end();
    expect((await second.reading).bytes.length).toBe(6_000);
  });

  test('only once it was verified by one that has arrived: that one makes no room', async () => {
    const unverified = new UnverifiedBytes(LIMIT);
    const first = read(unverified, {}, 6_000);
    first.stream.end(Buffer.alloc(6_000));
    await first.reading;
    expect(unverified.used).toBe(6_000);
    const second = read(unverified);
    second.stream.write(Buffer.alloc(6_000));
    expect(await rejectionOf(second.reading)).toMatchObject({ code: 'overloaded' });
    expect(unverified.used).toBe(6_000);
    first.held.release();
    first.held.release();
    expect(unverified.used).toBe(0);
  });

  test('a body in crumbs is held as its bytes, not as its crumbs', async () => {
    const unverified = new UnverifiedBytes(LIMIT);
    const one = read(unverified, {}, 8_000);
    const crumb = Buffer.alloc(2, 0x61);
    for (let sent = 0; sent < 4_000; sent += 1) one.stream.write(crumb);
    await settle();
    expect(unverified.used).toBeLessThanOrEqual(9_000);
    crumb.fill(0x62);
    one.stream.end();
    // Copied when it came: the crumb itself, and the socket's buffer it was cut from, are free.
    expect((await one.reading).bytes.toString('latin1')).toBe('a'.repeat(8_000));
  });

  test('a body in more pieces than anybody sends is refused', async () => {
    const unverified = new UnverifiedBytes(10_000_000);
    const one = read(unverified, { bodyLimitBytes: 1_000_000 });
    for (let sent = 0; sent <= 4_096; sent += 1) one.stream.write('1');
    expect(await rejectionOf(one.reading)).toMatchObject({ code: 'body_too_large' });
    expect(unverified.used).toBe(0);
    // Each further one would cost as much again: nobody waits until it has sent them all.
    await one.clock.advance(0);
    expect(one.stream.destroyed).toBe(true);
  });

  test('one of unknown length counts with all that its crumbs hold', async () => {
    const unverified = new UnverifiedBytes(LIMIT);
    const one = read(unverified);
    for (let sent = 0; sent < 20; sent += 1) one.stream.write('ab');
    await settle();
    expect(unverified.used).toBeGreaterThan(20 * 300);
    for (let sent = 0; sent < 20; sent += 1) one.stream.write('ab');
    expect(await rejectionOf(one.reading)).toMatchObject({ code: 'overloaded' });
    expect(unverified.used).toBe(0);
  });

  test('what is announced is not held before it has come', async () => {
    const unverified = new UnverifiedBytes(LIMIT);
    const announced = Array.from({ length: 100 }, () => read(unverified, {}, 9_000));
    for (const { stream } of announced.slice(0, 1)) stream.write('1');
    await settle();
    expect(unverified.used).toBeLessThan(LIMIT);
    for (const { stream } of announced) stream.destroy();
    await settle();
    expect(unverified.used).toBe(0);
  });
});
