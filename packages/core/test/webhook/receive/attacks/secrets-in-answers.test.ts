import { memoryStore } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openShop, post, SECRET, withChanges } from '../../../support/shop.js';
import { settle } from '../../../support/settle.js';

const apiKey = 'sk_live_do_not_tell';
const body = fixtures.v2['payment.completed']();

test('no answer and no log line holds the secret, the API key or an inner message', async () => {
  const store = withChanges(memoryStore(), {
    record: async () => {
      throw new Error('connect ECONNREFUSED postgres://shop:hunter2@db');
    },
  });
  const shop = openShop({ apiKey, store });
  const signed = signDelivery({ version: 'v2', body, secret: SECRET, clock: shop.clock });
  const answers = [
    await shop.deliver(body),
    await shop.deliver(body, { secret: 'whsec_other' }),
    await shop.kit.handleWebhook(post({ ...signed, headers: {} })),
    await shop.kit.handleWebhook(post(signed, { method: 'GET' })),
    await shop.kit.handleWebhook(post(signed, { rawBody: undefined, body: { parsed: true } })),
  ];
  await settle();
  expect(answers.map(({ status }) => status)).toEqual([503, 401, 401, 405, 500]);
  const told = JSON.stringify(answers);
  for (const inner of [SECRET, apiKey, 'hunter2', 'ECONNREFUSED', 'matching', 'missing'])
    expect(told).not.toContain(inner);
  const logged = JSON.stringify(shop.logger.lines);
  for (const secret of [SECRET, apiKey]) expect(logged).not.toContain(secret);
});
