import { verifySignature, type HttpRequest, type StoredDelivery } from '@qbitflow/core';
import { FIXTURE_IDS, fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import { openShop, post, SECRET, type Shop } from '../../support/shop.js';

type Headers = Record<string, string>;
type Generation = 'v1' | 'v2';

interface Parcel {
  readonly body: unknown;
  /** Whose signature headers it carries, and with which secret. */
  readonly signed: Partial<Record<Generation, string>>;
  readonly changes?: Headers | undefined;
}

function pack(shop: Shop, { body, signed, changes }: Parcel): HttpRequest {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const headers: Headers = {};
  for (const version of ['v2', 'v1'] as const) {
    const secret = signed[version];
    if (secret === undefined) continue;
    Object.assign(
      headers,
      signDelivery({ version, body: text, secret, clock: shop.clock }).headers,
    );
  }
  return post({ headers: { ...headers, ...changes }, body: Buffer.from(text) });
}

async function theOnly(shop: Shop): Promise<StoredDelivery> {
  const { items } = await shop.store.list({});
  expect(items).toHaveLength(1);
  const found = await shop.store.get(items[0]?.key ?? '');
  if (found === undefined) throw new Error('the delivery is gone');
  return found;
}

const payment = { v1: fixtures.v1.paymentCompleted(), v2: fixtures.v2['payment.completed']() };
const bill = { v1: fixtures.v1.subscriptionBilled(), v2: fixtures.v2['subscription.billed']() };
const change = fixtures.v1.subscriptionStatusChanged();

const WAYS: [string, Partial<Record<Generation, string>>][] = [
  ["v1's", { v1: SECRET }],
  ["v2's", { v2: SECRET }],
  ['both', { v1: SECRET, v2: SECRET }],
  ["v1's, and v2's of another secret", { v1: SECRET, v2: 'whsec_other' }],
  ["v2's, and v1's of another secret", { v1: 'whsec_other', v2: SECRET }],
];

test.each(
  WAYS.flatMap(([name, signed]) =>
    (
      [
        ['v1', payment.v1],
        ['v2', payment.v2],
        ['v1', bill.v1],
        ['v2', bill.v2],
        ['v1', change],
      ] as const
    ).map(([version, body]) => ({ name, signed, version, body })),
  ),
)(
  'a $version body under $name signature is read as what it is',
  async ({ signed, version, body }) => {
    const shop = openShop();
    const handled: unknown[] = [];
    shop.kit.onAny((event) => handled.push([event.version, event.type]));
    expect((await shop.kit.handleWebhook(pack(shop, { body, signed }))).status).toBe(200);
    await settle();
    const kept = await theOnly(shop);
    expect(kept).toMatchObject({ version, state: 'done' });
    expect(kept.key).toContain(kept.type);
    expect(handled).toEqual([[version, kept.type]]);
  },
);

test.each(WAYS)(
  'what is kept of a delivery with %s signature verifies again',
  async (_, signed) => {
    const shop = openShop();
    await shop.kit.handleWebhook(pack(shop, { body: payment.v1, signed }));
    const { headers, raw } = await theOnly(shop);
    expect(Object.keys(headers)).toHaveLength((signed.v1 ? 2 : 0) + (signed.v2 ? 1 : 0));
    const verdict = verifySignature({
      headers,
      body: raw,
      secret: SECRET,
      nowMs: shop.clock.now(),
    });
    expect(verdict).toMatchObject({ result: 'genuine' });
  },
);

test.each<[string, Parcel['changes']]>([
  ["says v1's", { 'qbitflow-webhook-version': 'v1' }],
  ["says v2's", { 'qbitflow-webhook-version': 'v2' }],
  ['says nothing known', { 'qbitflow-webhook-version': 'v9' }],
])('what the unsigned version header says (%s) changes nothing', async (_, changes) => {
  for (const version of ['v1', 'v2'] as const) {
    const shop = openShop();
    await shop.kit.handleWebhook(
      pack(shop, { body: payment[version], signed: { v2: SECRET }, changes }),
    );
    expect(await theOnly(shop)).toMatchObject({ version, type: 'payment.completed' });
  }
});

test('one payment is one delivery, whichever body and signature report it', async () => {
  const shop = openShop();
  const runs: string[] = [];
  shop.kit.on('payment.completed', ({ key }) => runs.push(key));
  for (const [, signed] of WAYS)
    for (const body of [payment.v1, payment.v2])
      expect((await shop.kit.handleWebhook(pack(shop, { body, signed }))).status).toBe(200);
  await settle();
  expect(runs).toEqual([`payment.completed:${FIXTURE_IDS.payment}`]);
});

test('a delivery that neither of its signatures signs is refused', async () => {
  const shop = openShop();
  const signed = { v1: 'whsec_other', v2: 'whsec_other' };
  for (const body of [payment.v1, payment.v2])
    expect((await shop.kit.handleWebhook(pack(shop, { body, signed }))).status).toBe(401);
  expect(await shop.store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
});

test('a signature proves its own body, not another one that came with it', async () => {
  const shop = openShop();
  const other = fixtures.v2['payment.completed']({ data: { uuid: 'pay@other' } });
  const { headers } = pack(shop, { body: payment.v2, signed: { v1: SECRET, v2: SECRET } });
  const swapped = post({ headers: headers as Headers, body: Buffer.from(JSON.stringify(other)) });
  expect((await shop.kit.handleWebhook(swapped)).status).toBe(401);
});

test.each<[string, Headers]>([
  ['stale', { 'qbitflow-signature': `t=1,v1=${'0'.repeat(64)}` }],
  ['malformed', { 'qbitflow-signature': 'nonsense' }],
  ['blank', { 'qbitflow-signature': ' ' }],
])('a %s v2 signature does not hide a good one of v1', async (_, changes) => {
  const shop = openShop();
  const parcel = { body: payment.v1, signed: { v1: SECRET }, changes };
  expect((await shop.kit.handleWebhook(pack(shop, parcel))).status).toBe(200);
});

test.each<[string, Headers]>([
  ['stale', { 'x-webhook-timestamp': '1' }],
  ['half', { 'x-webhook-signature-256': '' }],
  ['malformed', { 'x-webhook-signature-256': 'sha256=' }],
])('a %s v1 signature does not hide a good one of v2', async (_, changes) => {
  const shop = openShop();
  const parcel = { body: payment.v2, signed: { v1: SECRET, v2: SECRET }, changes };
  expect((await shop.kit.handleWebhook(pack(shop, parcel))).status).toBe(200);
});

const parsed = (request: HttpRequest): HttpRequest => ({
  ...request,
  rawBody: undefined,
  body: JSON.parse(Buffer.from(Object(request.rawBody)).toString()),
});

test.each([
  ['v1', payment.v1],
  ['v2', payment.v2],
] as const)(
  "a parsed %s body is verified by v1's signature, where it has both",
  async (version, body) => {
    const shop = openShop();
    const request = parsed(pack(shop, { body, signed: { v1: SECRET, v2: SECRET } }));
    expect((await shop.kit.handleWebhook(request)).status).toBe(200);
    expect(await theOnly(shop)).toMatchObject({ version, type: 'payment.completed' });
  },
);

test("a parsed body with both, of which v1's does not fit, is nothing that could be refused", async () => {
  const shop = openShop();
  const signed = { v1: 'whsec_other', v2: SECRET };
  const answer = await shop.kit.handleWebhook(parsed(pack(shop, { body: payment.v2, signed })));
  expect([answer.status, answer.body]).toEqual([500, expect.stringContaining('body parser')]);
});

test('header names may be in any case', async () => {
  for (const [, signed] of WAYS) {
    const shop = openShop();
    const request = pack(shop, { body: payment.v1, signed });
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toUpperCase(), value]),
    );
    expect((await shop.kit.handleWebhook({ ...request, headers })).status).toBe(200);
    const { headers: kept } = await theOnly(shop);
    expect(Object.keys(kept).every((name) => name === name.toLowerCase())).toBe(true);
  }
});

test.each<[string, Parcel]>([
  ["v1's signature", { body: fixtures.v1.connectivityTest(), signed: { v1: SECRET } }],
  ["v2's signature", { body: fixtures.v1.connectivityTest(), signed: { v2: SECRET } }],
  ['both', { body: fixtures.v1.connectivityTest(), signed: { v1: SECRET, v2: SECRET } }],
  [
    "v2's signature and v1's id, around another v1 body",
    { body: payment.v1, signed: { v2: SECRET }, changes: { 'x-webhook-id': 'test-webhook-id' } },
  ],
])("v1's connectivity test under %s is nobody's payment", async (_, parcel) => {
  const shop = openShop();
  expect((await shop.kit.handleWebhook(pack(shop, parcel))).status).toBe(200);
  expect(await shop.store.stats()).toMatchObject({ due: 0, done: 0, dead: 0 });
});

test.each<[string, Parcel]>([
  ['v1', { body: '{"hello":"world"}', signed: { v1: SECRET } }],
  ['v2', { body: '{"hello":"world"}', signed: { v2: SECRET } }],
  ['v1', { body: { ...payment.v1, uuid: 7 }, signed: { v2: SECRET } }],
  ['v2', { body: { ...payment.v2, data: 7 }, signed: { v1: SECRET } }],
  [
    'v1',
    {
      body: '{"hello":"world"}',
      signed: { v2: SECRET },
      changes: { 'qbitflow-webhook-version': 'v1' },
    },
  ],
])('what cannot be read is kept as what it most likely is: %s', async (version, parcel) => {
  const shop = openShop();
  expect((await shop.kit.handleWebhook(pack(shop, parcel))).status).toBe(200);
  expect(await theOnly(shop)).toMatchObject({ state: 'dead', type: 'unreadable', version });
});
