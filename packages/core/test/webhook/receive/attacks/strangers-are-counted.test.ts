import { channel } from 'node:diagnostics_channel';
import { PassThrough } from 'node:stream';
import { fixtures } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { settle } from '../../../support/settle.js';
import { openShop, type Shop } from '../../../support/shop.js';

const body = fixtures.v2['payment.completed']();
const MINUTE_MS = 60_000;
const FORGED = `t=1790856000,v1=${'0'.repeat(64)}`;

async function forge(shop: Shop, times: number, signature = FORGED): Promise<void> {
  for (let time = 0; time < times; time += 1) {
    const headers = { 'qbitflow-signature': signature };
    await shop.kit.handleWebhook({ method: 'POST', url: '/', headers, rawBody: Buffer.from('{}') });
  }
}

async function cutUpload(shop: Shop): Promise<void> {
  const stream = new PassThrough();
  const headers = { 'content-length': '100' };
  const answer = shop.kit.handleWebhook({ method: 'POST', url: '/', headers, stream });
  setImmediate(() => stream.destroy());
  await answer;
}

test('a thousand forgeries and fifty cut uploads are told of once each, and then by their number', async () => {
  const shop = openShop();
  await forge(shop, 500, 'x');
  await forge(shop, 500);
  for (let time = 0; time < 50; time += 1) await cutUpload(shop);
  await settle();
  expect(shop.errors.map(({ facts }) => facts.count)).toEqual([undefined, undefined, undefined]);
  await shop.clock.advance(MINUTE_MS);
  const counts = shop.errors.slice(3).map(({ error, facts }) => [error, facts.count]);
  expect(counts).toMatchObject([
    [{ code: 'invalid_signature', facts: { reason: 'malformed_header' } }, 499],
    [{ code: 'invalid_signature', facts: { reason: 'no_matching_signature' } }, 499],
    [{ code: 'body_aborted' }, 49],
  ]);
  const lines = shop.logger.lines.filter(({ level }) => level === 'warn' || level === 'error');
  expect(lines).toHaveLength(6);
});

test('each of them is counted on the diagnostics channel, with its reason', async () => {
  const reasons: unknown[] = [];
  const note = (message: unknown): number => reasons.push(Object(message).reason);
  const refused = channel('qbitflow:delivery_refused');
  refused.subscribe(note);
  onTestFinished(() => {
    refused.unsubscribe(note);
  });
  const shop = openShop();
  await forge(shop, 3);
  await cutUpload(shop);
  expect(reasons).toEqual([...Array(3).fill('no_matching_signature'), 'body_aborted']);
});

test('a wrong secret is told of with the first delivery, also while strangers send what is malformed', async () => {
  const shop = openShop();
  await forge(shop, 100, 'x');
  await shop.deliver(body, { secret: 'whsec_of_another_endpoint' });
  await settle();
  expect(shop.errors.at(-1)?.error.message).toContain('its body reads as payment.completed');
});

test('whether anything was genuine meanwhile is said: that tells strangers from a wrong secret', async () => {
  const shop = openShop();
  await forge(shop, 3);
  await shop.deliver(body);
  await shop.clock.advance(MINUTE_MS);
  expect(shop.errors.at(-1)?.error.message).toContain(
    '2 more requests were refused within 60 s (no matching signature); 1 delivery was genuine',
  );
  await forge(shop, 3);
  await shop.clock.advance(2 * MINUTE_MS);
  expect(shop.errors.at(-1)?.error.message).toContain('a webhook secret or a mounting');
});

test('strangers who go on for a day are told of four times an hour, however they space it', async () => {
  for (const everyMs of [1_000, MINUTE_MS + 1_000, 7 * MINUTE_MS]) {
    const shop = openShop();
    const hours = everyMs === 1_000 ? 2 : 24;
    for (let at = 0; at < hours * 60 * MINUTE_MS; at += everyMs) {
      await forge(shop, 1);
      await shop.clock.advance(everyMs);
    }
    expect(shop.errors.length).toBeLessThan(4 * hours + 8);
    const told = shop.errors.reduce((sum, { facts }) => sum + (facts.count ?? 1), 0);
    const sent = Math.ceil((hours * 60 * MINUTE_MS) / everyMs);
    expect(told).toBeGreaterThan(0.7 * sent);
  }
});

test('after a quarter of an hour of quiet the next one is told of at once', async () => {
  const shop = openShop();
  await forge(shop, 2);
  await shop.clock.advance(20 * MINUTE_MS);
  await forge(shop, 1);
  await settle();
  expect(shop.errors.map(({ facts }) => facts.count)).toEqual([undefined, 1, undefined]);
});

test('close() tells of what was only counted, and leaves no timer behind', async () => {
  const shop = openShop();
  await forge(shop, 5);
  await shop.close();
  expect(shop.errors.map(({ facts }) => facts.count)).toEqual([undefined, 4]);
  expect(shop.clock.waiting).toBe(0);
});

test('what goes wrong with genuine deliveries is told of each time', async () => {
  const shop = openShop({ handlers: { maxAttempts: 1 } });
  shop.kit.on('payment.completed', () => {
    throw new Error('no stock');
  });
  void shop.kit.start();
  for (let number = 0; number < 5; number += 1)
    await shop.deliver({ ...body, id: `evt_${number}`, data: { uuid: `pay@${number}` } });
  await settle(50);
  expect(shop.errors.filter(({ facts }) => facts.stage === 'handle')).toHaveLength(5);
});
