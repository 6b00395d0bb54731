import { PassThrough } from 'node:stream';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../../support/settle.js';
import { openShop, SECRET } from '../../../support/shop.js';

const bodies = {
  v1: fixtures.v1.paymentCompleted(),
  v2: fixtures.v2['payment.completed'](),
} as const;

// Whoever has recorded a delivery may send its headers in time, and its body when they are too old.
test.each([
  ['v1', 1_000, 200],
  ['v1', 3_000, 401],
  ['v2', 1_000, 200],
  ['v2', 3_000, 401],
] as const)(
  '%s: headers of 298 s ago, a body that takes %d ms: %d',
  async (version, ms, status) => {
    const shop = openShop({ bodyTimeoutMs: 60_000 });
    const { clock, kit } = shop;
    const { headers, body } = signDelivery({
      version,
      body: bodies[version],
      secret: SECRET,
      clock,
    });
    await clock.advance(298_000);
    const stream = new PassThrough();
    const answer = kit.handleWebhook({ method: 'POST', url: '/webhook', headers, stream });
    await settle();
    await clock.advance(ms);
    stream.end(body);
    expect((await answer).status).toBe(status);
  },
);
