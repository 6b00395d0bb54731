import { expect, test } from 'vitest';
import type { HttpRequest } from '../../src/http/http.js';
import { STATUS_PATH, asksForJson, openShop, until } from './support/shop.js';

async function paidShop() {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  return shop;
}

test('authorize sees the request and the reference, and true lets through', async () => {
  const shop = await paidShop();
  const seen: unknown[] = [];
  const response = await shop.open('/r?uuid=pay@1&type=payment', {
    authorize: async (request, reference) => {
      seen.push([request.url, reference]);
      return true;
    },
  });
  expect(response.status).toBe(200);
  expect(seen).toEqual([['/r?uuid=pay@1&type=payment', { uuid: 'pay@1', type: 'payment' }]]);
});

test("a refusal looks exactly like an unknown payment's page, and asks the API nothing", async () => {
  const shop = await paidShop();
  const refused = await shop.open('/r?uuid=pay@1', { authorize: () => false });
  expect(shop.api.requests).toHaveLength(0);

  const unknown = await (await openShop()).open('/r?uuid=pay@1');
  expect(refused.status).toBe(404);
  expect(refused).toEqual(unknown);
});

test.each([
  [
    'throws',
    () => {
      throw new Error('session store down');
    },
  ],
  ['rejects with a text', async () => Promise.reject<boolean>('no')],
])('an authorize that %s lets nobody through and is reported', async (_what, authorize) => {
  const shop = await paidShop();
  const response = await shop.open('/r?uuid=pay@1', { authorize });
  expect(response.status).toBe(404);
  expect(response.body).not.toContain('session store down');
  expect(shop.logger.lines.map(({ level }) => level)).toEqual(['error']);
});

test('an authorize that never answers lets nobody through', async () => {
  const shop = await paidShop();
  let asked = false;
  const opened = shop.open('/r?uuid=pay@1', {
    authorize: async () => {
      asked = true;
      return new Promise<boolean>(() => undefined);
    },
  });
  await until(() => asked);
  shop.clock.advance(5000);
  expect((await opened).status).toBe(404);
});

test('only true is a yes', async () => {
  const shop = await paidShop();
  const truthy: unknown = { id: 'user-1' };
  const response = await shop.open('/r?uuid=pay@1', { authorize: () => truthy as boolean });
  expect(response.status).toBe(404);
});

/** A cookie that stays away from what another site's link opens. */
const hasSession = ({ headers }: HttpRequest): boolean => headers['cookie'] === 'session=1';
const fromQBitFlow = { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'cross-site' };
const withCookie = {
  'sec-fetch-mode': 'navigate',
  'sec-fetch-site': 'same-origin',
  cookie: 'session=1',
};

test.each([
  ['that says where it comes from', fromQBitFlow],
  ['that does not', { 'upgrade-insecure-requests': '1' }],
])(
  'a buyer back from the checkout, in a browser %s, is sent on by the shop to bring the cookie',
  async (_browser, headers) => {
    const shop = await paidShop();
    const url = '/r?uuid=pay%401&type=payment&order=7';
    const step = await shop.open(url, { authorize: hasSession }, { headers });
    expect(step.status).toBe(200);
    expect(step.headers).toMatchObject({ 'cache-control': 'no-store' });
    expect(shop.api.requests).toHaveLength(0);
    const [, to = ''] = /content="0; url=([^"]*)"/.exec(step.body) ?? [];
    expect(to).toBe('?uuid=pay%401&amp;type=payment&amp;order=7&amp;qbitflow-look=1');
    expect(step.body).toContain(`<a href="${to}">`);

    const next = `/r${to.replaceAll('&amp;', '&')}`;
    const seen = await shop.open(next, { authorize: hasSession }, { headers: withCookie });
    expect(seen.body).toContain('Payment received');
  },
);

test.each([
  ['the next time', 1, { ...fromQBitFlow, 'sec-fetch-site': 'same-origin' }],
  ['the next time, untold', 1, { 'upgrade-insecure-requests': '1' }],
  ['in a frame in which every page is another site', 3, fromQBitFlow],
])('who is refused again %s sees the page of an unknown payment', async (_when, looks, headers) => {
  const shop = await paidShop();
  const url = `/r?uuid=pay@1&qbitflow-look=${looks}`;
  const { status, body } = await shop.open(url, { authorize: () => false }, { headers });
  expect(status).toBe(404);
  expect(body).not.toContain('http-equiv="refresh"');
});

test('a link that was copied after the step, and comes by mail, is sent on once more', async () => {
  const shop = await paidShop();
  const url = '/r?uuid=pay@1&qbitflow-look=1';
  const { body } = await shop.open(url, { authorize: hasSession }, { headers: fromQBitFlow });
  expect(body).toContain('content="0; url=?uuid=pay@1&amp;qbitflow-look=2"');
});

test('the step tells nobody whether a payment exists, and shows nothing of it', async () => {
  const shop = await paidShop();
  const open = async (uuid: string) =>
    shop.open(`/r?uuid=${uuid}`, { authorize: hasSession }, { headers: fromQBitFlow });
  const [known, unknown] = [await open('pay@1'), await open('pay@2')];
  expect(known.body.replaceAll('pay@1', 'pay@2')).toBe(unknown.body);
  expect(known.headers).toEqual(unknown.headers);
});

test.each([
  ['from the shop itself', { ...fromQBitFlow, 'sec-fetch-site': 'same-origin' }],
  ['from a bookmark', { ...fromQBitFlow, 'sec-fetch-site': 'none' }],
  ['from a subdomain', { ...fromQBitFlow, 'sec-fetch-site': 'same-site' }],
  ["by another site's script", { ...fromQBitFlow, 'sec-fetch-mode': 'no-cors' }],
  ['for JSON', { ...fromQBitFlow, ...asksForJson.headers }],
])(
  'what was asked for %s brings all the cookies it will ever bring: 404',
  async (_how, headers) => {
    const shop = await paidShop();
    const { status } = await shop.open('/r?uuid=pay@1', { authorize: () => false }, { headers });
    expect(status).toBe(404);
  },
);

test("the step comes before the merchant's redirects, and where nobody is refused there is none", async () => {
  const shop = await paidShop();
  const redirects = { unknown: '/login', paid: '/thanks', waiting: '/wait' };
  const step = await shop.open(
    '/r?uuid=pay@1',
    { authorize: hasSession, redirects },
    { headers: fromQBitFlow },
  );
  expect(step.status).toBe(200);
  const headers = { ...fromQBitFlow, cookie: 'session=1' };
  const lax = await shop.open('/r?uuid=pay@1', { authorize: hasSession, redirects }, { headers });
  expect([lax.status, lax.headers['location']]).toEqual([303, '/thanks']);
});
