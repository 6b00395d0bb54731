import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { parseEvent } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { settle } from '../../../support/settle.js';
import { openShop, post, SECRET } from '../../../support/shop.js';

/** Twins of v1's transaction webhook: the value that is signed is the same, what JSON.parse makes of them is not. */
const text = (uuid: string): string => {
  const sent = { ...fixtures.v1.paymentCompleted(), uuid: 'HERE', session: { uuid: 'HERE' } };
  return JSON.stringify(sent).replaceAll('HERE', uuid);
};
const ids = ['pay@\ufffd', 'pay@\\ufffd', 'pay@\\ud800', 'pay@\\uDFFF', 'pay@\\udc00'];

test('bodies that one signature fits are one payment, whichever of them comes', async () => {
  const shop = openShop();
  const seen: string[] = [];
  shop.kit.on('payment.completed', ({ data }) => void seen.push(data.uuid));
  await shop.kit.start();
  const { headers } = signDelivery({
    version: 'v1',
    body: text(ids[0] ?? ''),
    secret: SECRET,
    clock: shop.clock,
  });
  const answers: unknown[] = [];
  for (const id of ids)
    answers.push(
      JSON.parse(
        (await shop.kit.handleWebhook(post({ headers, body: Buffer.from(text(id)) }))).body,
      ),
    );
  await settle();
  expect(answers).toEqual([
    { received: true },
    ...ids.slice(1).map(() => ({ received: true, duplicate: true })),
  ]);
  expect(seen).toEqual(['pay@\ufffd']);
});

test('the same where a body parser has made values of them', async () => {
  const shop = openShop();
  const seen: string[] = [];
  shop.kit.on('payment.completed', ({ data }) => void seen.push(data.uuid));
  await shop.kit.start();
  const { headers } = signDelivery({
    version: 'v1',
    body: text(ids[0] ?? ''),
    secret: SECRET,
    clock: shop.clock,
  });
  for (const id of ids.toReversed()) {
    const body: unknown = JSON.parse(text(id));
    const { status } = await shop.kit.handleWebhook({ method: 'POST', url: '/', headers, body });
    expect(status).toBe(200);
  }
  await settle();
  expect(seen).toEqual(['pay@\ufffd']);
});

test.each([
  ['a pair', '\\ud83d\\ude00', '😀'],
  ['a pair in other letters', '\\uD83D\\uDE00', '😀'],
  ['two first halves and a second', '\\ud83d\\ud83d\\ude00', '\ufffd😀'],
  ['a pair and a second half', '\\ud83d\\ude00\\ude00', '😀\ufffd'],
  ['a half behind an escaped backslash', '\\\\\\ud800', '\\\ufffd'],
  ['what only looks like a half', '\\\\ud800', '\\ud800'],
  ['what only looks like a pair', '\\ud83d\\\\ude00', '\ufffd\\ude00'],
])('%s is read as Go reads it', (_name, escaped, read) => {
  const sent = JSON.stringify(fixtures.v2['webhook.test']({ data: { message: 'HERE' } }));
  const result = parseEvent({ body: sent.replace('HERE', escaped) });
  expect(result).toMatchObject({ ok: true, event: { data: { message: read } } });
});

test('of keys that are one to Go, the last is read', () => {
  const sent = JSON.stringify(fixtures.v2['webhook.test']({ data: { message: 'm', HERE: 1 } }));
  const result = parseEvent({ body: sent.replace('"HERE":1', '"\\ud800":1,"\\udc00":2') });
  expect(result).toMatchObject({ ok: true, event: { data: { '\ufffd': 2 } } });
});
