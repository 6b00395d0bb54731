import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { type Sandbox, startSandbox } from '@qbitflow/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openDeskProcess } from './support/desk.js';

const NOT_THERE = 'pay@01a0c0c7-5a6b-4c7d-8e9f-000000000404';

async function openSandbox(): Promise<Sandbox> {
  const sandbox = await startSandbox({ retryDelaysMs: [20, 20], deliver: 'both' });
  onTestFinished(async () => sandbox.close());
  return sandbox;
}

/** A shop with a desk beside a sandbox, which it speaks to by one generation. */
async function openShop(generation: 'v1' | 'v2', settings: { apiKey?: string | undefined } = {}) {
  const sandbox = await openSandbox();
  const { url, kit, ada } = await openDeskProcess({
    apiKey: sandbox.apiKey,
    ...settings,
    baseUrl: generation === 'v1' ? sandbox.v1Url : sandbox.v2Url,
    webhookSecret: sandbox.secret,
  });
  sandbox.setWebhookUrl(`${url}/webhook`);
  return {
    sandbox,
    kit,
    ada,
    pageOf: async (key: string) => ada.open(`?key=${encodeURIComponent(key)}`),
    /** The newest delivery of a type, as it is recorded. */
    async recorded(type: string): Promise<string> {
      await sandbox.idle();
      const { items } = await kit.deliveries.list({ type, limit: 1 });
      return items[0]?.key ?? `no ${type} was recorded`;
    },
    /** A genuine delivery about a payment that the API knows nothing of. */
    async deliverStranger(): Promise<string> {
      const body = fixtures.v2['payment.completed']({ data: { uuid: NOT_THERE } });
      const signed = signDelivery({ version: 'v2', body, secret: sandbox.secret });
      await kit.handleWebhook({
        method: 'POST',
        url: '/webhook',
        headers: signed.headers,
        rawBody: signed.body,
      });
      return `payment.completed:${NOT_THERE}`;
    },
  };
}

type Shop = Awaited<ReturnType<typeof openShop>>;

async function buy({ sandbox }: Shop, kind: 'payment' | 'subscription'): Promise<string> {
  const headers = { 'content-type': 'application/json', 'x-api-key': sandbox.apiKey };
  const terms = kind === 'payment' ? {} : { frequency: { value: 1, unit: 'months' } };
  const body = JSON.stringify({ productName: 'Tea', description: 'A tin', price: 4.5, ...terms });
  const path = `${sandbox.v2Url}/transaction/session-checkout/new/${kind}`;
  const answer: unknown = await (await fetch(path, { method: 'POST', headers, body })).json();
  return String(Reflect.get(Object(answer), 'uuid'));
}

async function ask({ ada, pageOf }: Shop, key: string): Promise<string> {
  const page = await pageOf(key);
  const answered = await ada.send(page.form('Ask the API'));
  expect(answered.status).toBe(200);
  // What was asked for by a click does not go away by itself, and can be asked again.
  expect(answered.html).not.toContain('data-live');
  expect(answered.form('Ask again').get('key')).toBe(key);
  return /What the API says now(.*?)Timeline/.exec(answered.text)?.[1]?.trim() ?? answered.text;
}

describe.each(['v1', 'v2'] as const)('asking the API of %s', (generation) => {
  test('says where a payment and a subscription stand now', async () => {
    const shop = await openShop(generation);
    for (const [kind, type] of [
      ['payment', 'payment.completed'],
      ['subscription', 'subscription.created'],
    ] as const) {
      await shop.sandbox.pay(await buy(shop, kind));
      const key = await shop.recorded(type);
      shop.sandbox.clearRequests();
      const page = await shop.pageOf(key);
      expect(page.text).toContain('Not asked yet: each click is one request to QBitFlow.');
      expect(shop.sandbox.requests).toEqual([]);
      const said = await ask(shop, key);
      expect(said).toContain(`Status completed (${generation})`);
      expect(said).toMatch(/Transaction hash 0x[\da-f]+ Asked \d{4}-\d\d-\d\d/);
      expect(shop.sandbox.requests).toHaveLength(1);
    }
  });

  test('says that it knows no such transaction', async () => {
    const shop = await openShop(generation);
    expect(await ask(shop, await shop.deliverStranger())).toContain(
      'The API knows no such transaction, or none any more.',
    );
  });

  test.each([
    ['has a fault', { status: 503 }, 'nothing to mend on this side: try again later'],
    ['is away', { drop: true }, "QBitFlow's API gave no answer"],
    ['refuses the key', { status: 401 }, 'check the API key'],
  ])('says that it %s, after one request', async (_how, fault, expected) => {
    const shop = await openShop(generation);
    const key = await shop.deliverStranger();
    shop.sandbox.setApiFault(fault);
    shop.sandbox.clearRequests();
    const said = await ask(shop, key);
    expect(said).toContain(expected);
    expect(said).not.toContain(shop.sandbox.apiKey);
    expect(shop.sandbox.requests).toHaveLength(1);
    shop.sandbox.setApiFault(undefined);
    expect(await ask(shop, key)).toContain('knows no such transaction');
  });

  test('is not offered to a kit without an API key, and nothing is sent', async () => {
    const shop = await openShop(generation, { apiKey: undefined });
    const key = await shop.deliverStranger();
    const page = await shop.pageOf(key);
    expect(page.text).toContain('It cannot be asked: this kit has no API key.');
    expect(() => page.form('Ask the API')).toThrow('no form');
    expect(shop.sandbox.requests).toEqual([]);
  });

  test('is not offered for what is about no transaction', async () => {
    const shop = await openShop(generation);
    await shop.sandbox.joinMember();
    const page = await shop.pageOf(await shop.recorded('member.joined'));
    expect(page.text).toContain('this delivery is about no transaction');
    expect(() => page.form('Ask the API')).toThrow('no form');
  });
});

test('the last attempt to pay is told, without whose wallet it was', async () => {
  const shop = await openShop('v2');
  const uuid = await buy(shop, 'payment');
  await shop.sandbox.fail(uuid);
  const body = fixtures.v2['payment.completed']({ data: { uuid } });
  const { headers, body: rawBody } = signDelivery({
    version: 'v2',
    body,
    secret: shop.sandbox.secret,
  });
  await shop.kit.handleWebhook({ method: 'POST', url: '/webhook', headers, rawBody });
  expect(await ask(shop, `payment.completed:${uuid}`)).toMatch(
    /Status created \(v2\) Last attempt failed · /,
  );
});
