import { createServer, type RequestListener } from 'node:http';
import { fixtures, FIXTURE_IDS, signDelivery } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { serve } from '../../support/serve.js';
import { settle } from '../../support/settle.js';
import { openShop, post, type Shop } from '../../support/shop.js';

const v1 = fixtures.v1.paymentCompleted();
const v2 = fixtures.v2['payment.completed']();

interface Asked {
  readonly url: string | undefined;
  readonly key: unknown;
  readonly body: unknown;
}

/** An API that answers every question the same way, and remembers what it was asked. */
async function api(status: number, answer: unknown): Promise<{ base: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const listener: RequestListener = (request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      const body: unknown = JSON.parse(Buffer.concat(chunks).toString());
      asked.push({ url: request.url, key: request.headers['x-api-key'], body });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer));
    });
  };
  return { base: `${await serve(listener)}/v2`, asked };
}

/** Without an endpoint only v1's deliveries can be asked about, and the kit is one of v1. */
function remoteShop(base: string, endpointUuid?: string): Shop {
  const baseUrl = endpointUuid === undefined ? base.replace(/v2$/, 'v1') : base;
  return openShop({ webhookSecret: [], apiKey: 'sk_test', baseUrl, endpointUuid });
}

test('v2: what the API calls genuine is recorded; it is asked about the bytes as received', async () => {
  const { base, asked } = await api(200, { message: 'ok' });
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  expect((await shop.deliver(v2)).status).toBe(200);
  expect(asked).toMatchObject([
    {
      url: '/v2/webhooks/verify',
      key: 'sk_test',
      body: { endpointUuid: FIXTURE_IDS.endpoint, body: JSON.stringify(v2) },
    },
  ]);
  expect(await shop.store.stats()).toMatchObject({ due: 1 });
});

test('v1: what the API calls genuine is recorded; it is asked about the value, under /v1', async () => {
  const { base, asked } = await api(200, { message: 'ok' });
  const shop = remoteShop(base);
  expect((await shop.deliver(v1, { version: 'v1' })).status).toBe(200);
  expect(asked).toMatchObject([{ url: '/v1/webhooks/verify', body: { payload: v1 } }]);
});

test('what the API refuses is answered 401', async () => {
  const { base } = await api(400, { error: 'no', code: 'invalid_signature', requestId: 'r' });
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const answers = [await shop.deliver(v2), await shop.deliver(v1, { version: 'v1' })];
  expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  expect(await shop.store.stats()).toMatchObject({ due: 0 });
});

test.each([401, 403, 404, 422])(
  'an API that answers %i has decided nothing: 503',
  async (status) => {
    const { base } = await api(status, { error: 'x', code: 'x', requestId: 'r' });
    const shop = remoteShop(base, FIXTURE_IDS.endpoint);
    const { status: answered, headers } = await shop.deliver(v2);
    expect([answered, headers['retry-after']]).toEqual([503, '10']);
    await settle();
    expect(shop.errors).toMatchObject([{ error: { code: 'verification_undecided' } }]);
  },
);

test('an API that is down has decided nothing: 503, never a forgery', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  await new Promise((resolve) => {
    server.close(resolve);
  });
  const shop = remoteShop(`http://127.0.0.1:${port}/v2`, FIXTURE_IDS.endpoint);
  const answering = shop.deliver(v2);
  const turn = async () => shop.clock.advance(1_000).then(() => 'not yet');
  while ((await Promise.race([answering, turn()])) === 'not yet') await settle();
  const { status, headers, body } = await answering;
  expect([status, headers['retry-after'], body]).toEqual([
    503,
    '10',
    '{"error":"the signature could not be checked now, please send again later"}',
  ]);
});

test("acknowledge: 'everything' does not swallow what could not be decided", async () => {
  const { base } = await api(403, { error: 'x', code: 'x', requestId: 'r' });
  const shop = openShop({
    webhookSecret: [],
    apiKey: 'sk_test',
    baseUrl: base,
    endpointUuid: FIXTURE_IDS.endpoint,
    acknowledge: 'everything',
  });
  expect((await shop.deliver(v2)).status).toBe(503);
});

test('a v2 delivery without an endpointUuid is answered 503, with a log line that names the cure', async () => {
  const { base, asked } = await api(200, { message: 'ok' });
  const shop = remoteShop(base);
  expect((await shop.deliver(v2)).status).toBe(503);
  expect(asked).toEqual([]);
  const [line] = shop.logger.withCode('verification_undecided');
  expect(line?.message).toContain('neither a webhookSecret');
  expect(line?.message).toContain('endpointUuid');
});

test('what is stale or malformed is refused without asking the API', async () => {
  const { base, asked } = await api(200, { message: 'ok' });
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const { kit } = shop;
  const request = { method: 'POST', url: '/webhook', rawBody: Buffer.from('{}') };
  const stale = { 'qbitflow-signature': `t=1790855000,v1=${'0'.repeat(64)}` };
  const answers = [
    await kit.handleWebhook({ ...request, headers: {} }),
    await kit.handleWebhook({ ...request, headers: { 'qbitflow-signature': 'nonsense' } }),
    await kit.handleWebhook({ ...request, headers: stale }),
  ];
  expect([answers.map(({ status }) => status), asked]).toEqual([[401, 401, 401], []]);
});

/** An API of which each generation answers in its own way: a status of 200 is genuine, 400 not, anything else undecided. */
async function twoApis(answers: { v1: number; v2: number }) {
  const asked: (string | undefined)[] = [];
  const listener: RequestListener = (request, response) => {
    asked.push(request.url);
    const status = request.url?.startsWith('/v1') === true ? answers.v1 : answers.v2;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ message: 'm', error: 'e', code: 'invalid_signature' }));
  };
  return { base: `${await serve(listener)}/v2`, asked };
}

/** A body with the signature headers of both generations. */
function signedTwice(shop: Shop, body: unknown) {
  const sign = (version: 'v1' | 'v2') =>
    signDelivery({ version, body, secret: 'whsec_unknown', clock: shop.clock });
  return post({ ...sign('v2'), headers: { ...sign('v1').headers, ...sign('v2').headers } });
}

test.each([
  [{ v2: 200, v1: 400 }, 200, 1],
  [{ v2: 400, v1: 200 }, 200, 2],
  [{ v2: 403, v1: 200 }, 200, 2],
  [{ v2: 400, v1: 400 }, 401, 2],
  [{ v2: 400, v1: 403 }, 503, 2],
  [{ v2: 403, v1: 400 }, 503, 2],
])('with both signatures, asked about each: %j is answered %i', async (answers, status, calls) => {
  const { base, asked } = await twoApis(answers);
  for (const [version, body] of [
    ['v1', v1],
    ['v2', v2],
  ] as const) {
    const shop = remoteShop(base, FIXTURE_IDS.endpoint);
    expect((await shop.kit.handleWebhook(signedTwice(shop, body))).status).toBe(status);
    const { items } = await shop.store.list({});
    expect(items.map((item) => item.version)).toEqual(status === 200 ? [version] : []);
  }
  expect(asked).toHaveLength(2 * calls);
});

test("with both signatures and no endpointUuid, v1's decides if it says genuine, else nothing does", async () => {
  const { base, asked } = await twoApis({ v2: 200, v1: 200 });
  const shop = remoteShop(base);
  expect((await shop.kit.handleWebhook(signedTwice(shop, v2))).status).toBe(200);
  expect(asked).toEqual(['/v1/webhooks/verify']);
  const refusing = await twoApis({ v2: 200, v1: 400 });
  const other = remoteShop(refusing.base);
  expect((await other.kit.handleWebhook(signedTwice(other, v2))).status).toBe(503);
});

test('a body of one generation under the signature of the other is asked about as it was signed', async () => {
  const { base, asked } = await twoApis({ v2: 200, v1: 200 });
  for (const [body, version] of [
    [v1, 'v2'],
    [v2, 'v1'],
  ] as const) {
    const shop = remoteShop(base, FIXTURE_IDS.endpoint);
    expect((await shop.deliver(body, { version })).status).toBe(200);
    const { items } = await shop.store.list({});
    expect(items).toMatchObject([
      { type: 'payment.completed', version: version === 'v1' ? 'v2' : 'v1' },
    ]);
  }
  expect(asked).toEqual(['/v2/webhooks/verify', '/v1/webhooks/verify']);
});

test('what one signature says is stale, and the API denies of the other, is refused', async () => {
  const { base, asked } = await twoApis({ v2: 200, v1: 400 });
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const request = signedTwice(shop, v2);
  const stale = { ...request.headers, 'qbitflow-signature': `t=1,v1=${'0'.repeat(64)}` };
  expect((await shop.kit.handleWebhook({ ...request, headers: stale })).status).toBe(401);
  expect(asked).toEqual(['/v1/webhooks/verify']);
});

test('with a local secret the API is not asked', async () => {
  const { base, asked } = await api(200, { message: 'ok' });
  const shop = openShop({ apiKey: 'sk_test', baseUrl: base });
  expect((await shop.deliver(v2, { secret: 'whsec_other' })).status).toBe(401);
  expect(asked).toEqual([]);
});

/** An API that answers when it is told to: 200 for a body that says it is genuine, else 400. */
async function heldApi() {
  const held: (() => void)[] = [];
  const state = { asked: 0, unanswered: 0, most: 0, isHolding: true };
  const listener: RequestListener = (request, response) => {
    state.asked += 1;
    state.unanswered += 1;
    state.most = Math.max(state.most, state.unanswered);
    response.once('close', () => (state.unanswered -= 1));
    void request.toArray().then((chunks: Buffer[]) => {
      const isGenuine = Buffer.concat(chunks).toString().includes('payment.completed');
      const answer = (): void => {
        response.writeHead(isGenuine ? 200 : 400, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ message: 'm', error: 'e', code: 'invalid_signature' }));
      };
      if (state.isHolding) held.push(answer);
      else answer();
    });
  };
  const release = (): void => {
    state.isHolding = false;
    for (const answer of held.splice(0)) answer();
  };
  return { base: `${await serve(listener)}/v2`, state, release };
}

const forgery = (shop: Shop, number: number, client = '192.0.2.1') =>
  shop.kit.handleWebhook(
    post(signDelivery({ version: 'v2', body: { number }, secret: 'forged', clock: shop.clock }), {
      client,
    }),
  );

/** Resolves once `condition` holds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await settle(1);
}

test('a thousand forgeries at once are twelve questions at a time; who finds no place is asked to come again', async () => {
  const { base, state, release } = await heldApi();
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const answers = Array.from({ length: 1_000 }, async (_, number) => forgery(shop, number));
  await until(() => state.unanswered === 12);
  release();
  await until(() => state.asked === 40 && state.unanswered === 0);
  await shop.clock.advance(10_000);
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect([state.most, state.asked]).toEqual([12, 76]);
  expect(statuses.filter((status) => status === 401)).toHaveLength(76);
  expect(statuses.filter((status) => status === 503)).toHaveLength(924);
  const crowded = shop.errors.filter(({ error }) => error.message.includes('webhookSecret'));
  expect(crowded.length).toBeGreaterThan(0);
});

test('what QBitFlow sends has its turn beside a flood from elsewhere', async () => {
  const { base, state, release } = await heldApi();
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const forgeries = Array.from({ length: 200 }, async (_, number) => forgery(shop, number));
  await until(() => state.unanswered === 12);
  const genuine = shop.kit.handleWebhook(
    post(signDelivery({ version: 'v2', body: v2, secret: 'whsec_x', clock: shop.clock }), {
      client: '198.51.100.1',
    }),
  );
  release();
  expect((await genuine).status).toBe(200);
  await shop.clock.advance(10_000);
  await Promise.all(forgeries);
});

test('who has sent what was genuine does not wait for forgers', async () => {
  const { base, state, release } = await heldApi();
  state.isHolding = false;
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const send = (id: string) =>
    shop.kit.handleWebhook(
      post(
        signDelivery({
          version: 'v2',
          body: fixtures.v2['payment.completed']({ id, data: { uuid: id } }),
          secret: 'whsec_x',
          clock: shop.clock,
        }),
        { client: '198.51.100.1' },
      ),
    );
  expect((await send('pay@1')).status).toBe(200);
  const bots = Array.from({ length: 1_000 }, async (_, n) => forgery(shop, n, `192.0.2.${n}`));
  expect((await send('pay@2')).status).toBe(200);
  expect((await send('pay@3')).status).toBe(200);
  release();
  await shop.clock.advance(10_000);
  await Promise.all(bots);
});

test('the same delivery at once, and for half a minute, is one question', async () => {
  const { base, state, release } = await heldApi();
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const request = post(
    signDelivery({ version: 'v2', body: v2, secret: 'whsec_x', clock: shop.clock }),
  );
  const answers = Array.from({ length: 20 }, async () => shop.kit.handleWebhook(request));
  await until(() => state.unanswered === 1);
  release();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect([new Set(statuses), state.asked]).toEqual([new Set([200]), 1]);
  await shop.clock.advance(29_000);
  expect((await shop.kit.handleWebhook(request)).status).toBe(200);
  expect(state.asked).toBe(1);
  const other = { ...request, rawBody: Buffer.from('{"type":"payment.completed"}') };
  await shop.kit.handleWebhook(other);
  expect(state.asked).toBe(2);
});

test('close() answers those who wait for a check: they come again', async () => {
  const { base, state, release } = await heldApi();
  const shop = remoteShop(base, FIXTURE_IDS.endpoint);
  const answers = Array.from({ length: 30 }, async (_, number) => forgery(shop, number));
  await until(() => state.unanswered === 12);
  const closing = shop.close();
  release();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  expect(statuses.toSorted((a, b) => a - b)).toEqual([
    ...Array.from({ length: 12 }, () => 401),
    ...Array.from({ length: 18 }, () => 503),
  ]);
  await closing;
});
