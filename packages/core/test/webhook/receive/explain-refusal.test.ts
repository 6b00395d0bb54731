import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { verifySignature, type HttpRequest, type QBitFlowOptions } from '@qbitflow/core';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, post, SECRET } from '../../support/shop.js';

const v2 = fixtures.v2['payment.completed']();
const v1 = fixtures.v1.paymentCompleted();

type Options = Omit<QBitFlowOptions, 'clock' | 'store'>;
type Signing = Partial<Parameters<typeof signDelivery>[0]>;

/** What the owner and the sender are told of one delivery. */
async function refusal(
  change: (request: HttpRequest) => Partial<HttpRequest>,
  { options = {}, ...signing }: Signing & { options?: Options } = {},
) {
  const shop = openShop(options);
  const secret = 'whsec_of_another_endpoint';
  const signed = { version: 'v2', body: v2, secret, clock: shop.clock, ...signing } as const;
  const request = post(signDelivery(signed));
  const answer = await shop.kit.handleWebhook({ ...request, ...change(request) });
  await settle();
  expect([answer.status, answer.body]).toEqual([401, '{"error":"invalid signature"}']);
  const error = shop.errors[0]?.error;
  expect(error).toMatchObject({ code: 'invalid_signature' });
  return { message: error?.message ?? '', facts: Reflect.get(Object(error), 'facts') };
}

const unchanged = (): Partial<HttpRequest> => ({});

test('of a signature that does not match it says which it was and how many secrets were tried', async () => {
  const { message, facts } = await refusal(unchanged, {
    options: { webhookSecret: ['whsec_a', 'whsec_b'] },
  });
  expect(message).toContain(
    'no matching signature (signed the v2 way; 2 secrets of this kit tried',
  );
  expect(facts).toMatchObject({
    signatures: 'v2',
    secretsTried: 2,
    reason: 'no_matching_signature',
  });
});

test('of v1 as well, and that a parser had read the body', async () => {
  const { message } = await refusal(() => ({ rawBody: undefined, body: v1 }), {
    version: 'v1',
    body: v1,
  });
  expect(message).toContain('signed the v1 way; the one secret of this kit tried');
  expect(message).toContain('a body parser had read the body');
});

test('that the bytes are made of a text which somebody kept', async () => {
  const text = Buffer.from(JSON.stringify(v2)).toString();
  const { message } = await refusal(() => ({ rawBody: text }));
  expect(message).toContain('made of the text that a body parser kept');
});

test.each([
  [-200, '200 s behind'],
  [120, '120 s ahead of'],
])('how far the clocks are apart: signed %i s from now', async (seconds, words) => {
  const shop = openShop();
  const clock = { ...shop.clock, now: () => shop.clock.now() + seconds * 1000 };
  const { message } = await refusal(unchanged, { clock });
  expect(message).toContain(`its time is ${words} this machine's clock`);
});

test('nothing of the clock where it is right', async () => {
  expect((await refusal(unchanged)).message).not.toContain('clock');
});

test("that the body reads as QBitFlow's event, and whose money it is about", async () => {
  const body = fixtures.v2['payment.completed']({ test: true });
  const live = await refusal(unchanged, { body, options: { mode: 'live' } });
  expect(live.message).toContain('its body reads as payment.completed');
  expect(live.message).toContain('it is about test money, and this kit takes live money');
  const testing = await refusal(unchanged, { options: { mode: 'test' } });
  expect(testing.message).toContain('it is about live money, and this kit takes test money');
  const both = await refusal(unchanged, { body, options: { mode: 'both' } });
  expect(both.message).not.toContain('money');
});

test.each<[string, Buffer | string]>([
  ['nonsense', 'no event of anybody'],
  ['what is nested without end', '['.repeat(30_000)],
  ['an event of 100 kB', JSON.stringify({ ...v2, pad: 'x'.repeat(100_000) })],
  ['a type of its own', JSON.stringify({ ...v2, type: 'payment.\u001b[2Jstolen' })],
])('of a body that is %s it says nothing', async (_name, bytes) => {
  const { message } = await refusal(() => ({ rawBody: Buffer.from(bytes) }));
  expect(message).not.toContain('reads as');
  expect(message).not.toContain('stolen');
});

test('that hex digits in upper case never match', async () => {
  const upper = (value: unknown): string =>
    String(value).replace(/[0-9a-f]{64}/, (digits) => digits.toUpperCase());
  const { message } = await refusal(({ headers }) => ({
    headers: { ...headers, 'qbitflow-signature': upper(headers['qbitflow-signature']) },
  }));
  expect(message).toContain('upper case');
});

test('which headers came in place of those that are missing', async () => {
  const none = await refusal(() => ({ headers: {} }));
  expect(none.message).toContain(
    'neither QBitFlow-Signature (v2) nor X-Webhook-Signature-256 (v1)',
  );
  const renamed = await refusal(({ headers }) => ({
    headers: { qbitflow_signature: headers['qbitflow-signature'], 'x-other': 'x' },
  }));
  expect(renamed.message).toContain("what came instead: 'qbitflow_signature'");
});

test('how a header that cannot be read should look', async () => {
  const { message } = await refusal(() => ({ headers: { 'qbitflow-signature': 'nonsense' } }));
  expect(message).toContain('t=<unix seconds>,v1=<64 hex digits>');
});

test('no hint holds a secret, a signature or a part of the body', async () => {
  const body = fixtures.v2['payment.completed']({ data: { reference: 'order-of-alice' } });
  const { message, facts } = await refusal(unchanged, { body });
  const said = message + JSON.stringify(facts);
  for (const inner of [SECRET, 'whsec_of', 'alice']) expect(said).not.toContain(inner);
  expect(said).not.toMatch(/[0-9a-f]{32}/);
});

test.each([
  ['"whsec_a"', 'the secret has quotes around it'],
  [' whsec_a', 'the secret has white space around it'],
  ['sk_1_live_x', 'the secret is an API key (sk_…)'],
])(
  'without a kit the secret %s is taken as it is, and the hint names what is odd',
  (secret, hint) => {
    const nowMs = 1_790_856_000_000;
    const clock = { now: () => nowMs, after: () => () => undefined };
    for (const version of ['v1', 'v2'] as const) {
      const { headers, body } = signDelivery({ version, body: v2, secret: 'whsec_a', clock });
      expect(verifySignature({ headers, body, secret, nowMs })).toMatchObject({ hint });
      const own = signDelivery({ version, body: v2, secret, clock });
      expect(verifySignature({ ...own, secret, nowMs }).result).toBe('genuine');
    }
  },
);
