import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { openShop, post, SECRET } from '../support/shop.js';
import { watchDiagnostics } from './watch-diagnostics.js';

const FACTS = ['code', 'key', 'id', 'type', 'version', 'source', 'attempt', 'delayMs', 'reason'];

/** Everything the kit can say about one delivery with a telling body. */
async function everythingSaid() {
  const shop = openShop({ apiKey: 'sk_live_0123456789', handlers: { maxAttempts: 2 } });
  const messages = watchDiagnostics();
  const body = fixtures.v2['payment.completed']({ data: { reference: 'order-of-alice' } });
  shop.kit.onAny(() => {
    throw new Error('no');
  });
  const signed = signDelivery({ version: 'v2', body, secret: SECRET, clock: shop.clock });
  await shop.kit.handleWebhook(post(signed));
  await shop.kit.handleWebhook(post(signed));
  await shop.deliver(body, { secret: 'whsec_of_somebody_else' });
  await shop.deliver('{"no": "event of alice"}');
  await shop.clock.advance(10_000);
  return {
    messages,
    signature: signed.headers['qbitflow-signature'] ?? '',
    lines: shop.logger.lines,
  };
}

test('no message holds a body, a header or a secret', async () => {
  const { messages, signature } = await everythingSaid();
  const said = JSON.stringify(messages);
  expect(messages.length).toBeGreaterThan(8);
  expect(signature).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
  for (const secret of [SECRET, 'sk_live_', 'whsec_', 'alice', signature, signature.slice(-64)])
    expect(said).not.toContain(secret);
});

test('messages hold the documented facts and no others, all of them texts or numbers', async () => {
  const { messages } = await everythingSaid();
  for (const message of messages) {
    const facts = Object.entries(Object(message));
    expect(FACTS).toEqual(expect.arrayContaining(facts.map(([name]) => name)));
    expect(facts.filter(([, value]) => !/^(string|number)$/.test(typeof value))).toEqual([]);
  }
});

test('log lines about deliveries hold no body, header or secret either', async () => {
  const { lines, signature } = await everythingSaid();
  const diagnostics = lines.filter(({ facts }) => String(facts['code']).startsWith('delivery_'));
  expect(diagnostics.length).toBeGreaterThan(8);
  const said = JSON.stringify(diagnostics);
  for (const secret of [SECRET, 'sk_live_', 'alice', signature.slice(-64)])
    expect(said).not.toContain(secret);
});
