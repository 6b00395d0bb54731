import { type CheckoutParams, openCheckout } from '@qbitflow/core';
import { expect, test } from 'vitest';
import {
  LINK,
  openMerchant,
  PAYMENT_PATH,
  SUBSCRIPTION_PATH,
  TEA,
  UUID,
} from './support/merchant.js';

const PATH = `/v2${PAYMENT_PATH}`;
const browser = { method: 'POST', url: '/buy', headers: { accept: 'text/html,*/*;q=0.8' } };
const program = { method: 'POST', url: '/buy', headers: { accept: 'application/json' } };

test('a browser is sent to the hosted page', async () => {
  const { kit, errors } = await openMerchant();
  const answer = await openCheckout(kit, browser, () => TEA);
  expect(answer).toMatchObject({
    status: 303,
    headers: { location: LINK, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
    body: `${LINK}\n`,
  });
  expect(errors).toEqual([]);
});

const follows = {
  'that says it navigates': { 'sec-fetch-mode': 'navigate', 'sec-fetch-site': 'same-origin' },
  'that does not know Fetch Metadata': { 'upgrade-insecure-requests': '1' },
};

test.each(Object.entries(follows))(
  'a browser %s is sent on by a page, which no policy about forms can cancel',
  async (_name, headers) => {
    const { kit } = await openMerchant();
    const form = { ...browser, headers: { ...browser.headers, ...headers } };
    const answer = await openCheckout(kit, form, () => TEA);
    expect(answer).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
        'content-security-policy': expect.stringContaining("default-src 'none'"),
      },
    });
    expect(answer.headers['location']).toBeUndefined();
    expect(answer.body).toContain(`<meta http-equiv="refresh" content="0; url=${LINK}">`);
    expect(answer.body).toContain(`<a href="${LINK}">`);
    expect(answer.body).not.toContain('<script');
  },
);

test('what scripts and programs get has not changed: JSON where they prefer it, else a redirect', async () => {
  const { kit } = await openMerchant();
  const script = { 'sec-fetch-mode': 'cors', 'sec-fetch-site': 'same-origin' };
  const ask = async (headers: Record<string, string>) =>
    (await openCheckout(kit, { ...browser, headers }, () => TEA)).status;
  expect(await ask({ ...script, accept: 'application/json' })).toBe(201);
  expect(await ask({ ...script, 'upgrade-insecure-requests': '1' })).toBe(303);
  expect(await ask({ accept: '*/*' })).toBe(303);
  expect(await ask({})).toBe(303);
});

test('the link stands in the page as text, whatever the API puts into it', async () => {
  const { kit, api } = await openMerchant();
  const link = `https://checkout.test/"><script>alert(1)</script>?a=1&b='2'`;
  api.on(PATH, { status: 201, json: { uuid: UUID, link } });
  const headers = { 'sec-fetch-mode': 'navigate' };
  const { body } = await openCheckout(kit, { ...browser, headers }, () => TEA);
  expect(body).not.toContain('<script');
  expect(body).toContain(
    'content="0; url=https://checkout.test/&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;?a=1&amp;b=&#39;2&#39;"',
  );
});

test('a program is told where it is', async () => {
  const { kit } = await openMerchant();
  const { status, headers, body } = await openCheckout(kit, program, async () => TEA);
  expect(status).toBe(201);
  expect(headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    vary: 'accept',
  });
  expect(JSON.parse(body)).toEqual({
    uuid: UUID,
    link: LINK,
    expiresAt: '2026-10-02T12:00:00.000Z',
  });
});

test('kind chooses between payment and subscription', async () => {
  const { kit, api, bodies } = await openMerchant();
  await openCheckout(kit, browser, () => ({ kind: 'payment', ...TEA }));
  await openCheckout(kit, browser, () => ({ kind: 'subscription', ...TEA, minPeriods: 2 }));
  expect(api.requests.map(({ url }) => url)).toEqual([PATH, `/v2${SUBSCRIPTION_PATH}`]);
  expect(bodies()).toEqual([TEA, { ...TEA, minPeriods: 2 }]);
});

test.each(['GET', 'HEAD', 'PUT', 'OPTIONS'])('%s opens nothing', async (method) => {
  const { kit, api } = await openMerchant();
  const { status, headers } = await openCheckout(kit, { ...browser, method }, () => TEA);
  expect([status, headers['allow']]).toEqual([405, 'POST']);
  expect(api.requests).toEqual([]);
});

test('nothing to sell is 400 and no failure', async () => {
  const { kit, api, errors } = await openMerchant();
  const page = await openCheckout(kit, browser, () => undefined);
  const json = await openCheckout(kit, program, async () => undefined);
  expect([page.status, json.status]).toEqual([400, 400]);
  expect(page.body).toContain('This order could not be found');
  expect(json.body).toBe('{"error":"nothing to sell for this request"}');
  expect([api.requests, errors]).toEqual([[], []]);
});

test('parameters that cannot be sent are 400, with field errors for programs only', async () => {
  const { kit, errors } = await openMerchant();
  const page = await openCheckout(kit, browser, () => ({ ...TEA, price: 0 }));
  const json = await openCheckout(kit, program, () => ({ ...TEA, price: 0 }));
  expect([page.status, json.status]).toEqual([400, 400]);
  expect(page.body).not.toContain('price');
  expect(JSON.parse(json.body)).toEqual({
    error: 'invalid checkout',
    fieldErrors: [{ field: 'price', message: 'must be more than 0' }],
  });
  await expect.poll(() => errors).toHaveLength(2);
  expect(errors).toMatchObject([
    { error: { code: 'invalid_checkout' }, facts: { stage: 'checkout' } },
    { error: { code: 'invalid_checkout' }, facts: { stage: 'checkout' } },
  ]);
});

test('a kind nobody knows is 400', async () => {
  const { kit } = await openMerchant();
  const params: CheckoutParams = JSON.parse('{"kind":"gift","productReference":"tea"}');
  const { status, body } = await openCheckout(kit, program, () => params);
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({ fieldErrors: [{ field: 'kind' }] });
});

test.each([
  ['is down', 500, {}, '5'],
  ['asks for patience', 429, { 'retry-after': '61' }, '61'],
  ['asks for a day', 429, { 'retry-after': '86400' }, '3600'],
  ['refuses the key', 401, {}, '5'],
])('an API that %s is 503 with Retry-After', async (_name, status, headers, retryAfter) => {
  const { kit, api, errors } = await openMerchant();
  api.on(PATH, { status, headers, json: { error: 'inner workings' } });
  const page = await openCheckout(kit, browser, () => TEA);
  const json = await openCheckout(kit, program, () => TEA);
  expect([page.status, page.headers['retry-after']]).toEqual([503, retryAfter]);
  expect([json.status, json.headers['retry-after']]).toEqual([503, retryAfter]);
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy': expect.stringContaining("default-src 'none'"),
  });
  expect(page.body).toContain('try again in a moment');
  expect(page.body + json.body).not.toContain('inner workings');
  await expect.poll(() => errors).toHaveLength(2);
  expect(errors[0]?.facts).toEqual({ stage: 'checkout' });
});

test.each<[string, () => never]>([
  ['an error', () => fail(new Error('select price from products'))],
  ['a rejected answer of some API', () => fail(Object.assign(new Error('db'), { status: 404 }))],
  ['nothing', () => fail(undefined)],
])('toParams throwing %s is 500 and told to onError', async (_name, toParams) => {
  const { kit, api, errors, logger } = await openMerchant();
  const page = await openCheckout(kit, browser, toParams);
  const json = await openCheckout(kit, program, async () => toParams());
  expect([page.status, json.status]).toEqual([500, 500]);
  expect(page.body).toContain('<h1>The checkout could not be opened</h1>');
  expect(json.body).toBe('{"error":"the checkout could not be opened"}');
  expect(page.body).not.toMatch(/select|\.ts|at /);
  await expect.poll(() => errors).toHaveLength(2);
  expect(errors[0]?.facts).toEqual({ stage: 'checkout' });
  expect(logger.lines).toContainEqual(
    expect.objectContaining({
      level: 'error',
      facts: expect.objectContaining({ code: 'checkout_failed', stage: 'checkout' }),
    }),
  );
  expect(api.requests).toEqual([]);
});

const statusPath = `/v2/transaction/session-checkout/${encodeURIComponent(UUID)}/status`;

test('a paid order is 409, tells a program which payment it is, and is no failure', async () => {
  const { kit, api, errors, logger } = await openMerchant();
  api.on(statusPath, { status: 200, json: { status: 'completed' } });
  const order = { ...TEA, reference: 'order-1' };
  const page = await openCheckout(kit, browser, () => order);
  const json = await openCheckout(kit, program, () => order);
  expect([page.status, json.status]).toEqual([409, 409]);
  expect(page.body).toContain('<h1>Payment received</h1>');
  expect(page.headers).toMatchObject({ 'cache-control': 'no-store' });
  expect(JSON.parse(json.body)).toEqual({ error: 'already paid', uuid: UUID });
  expect([errors, logger.lines.filter(({ level }) => level !== 'debug')]).toEqual([[], []]);
});

test('an order that is being paid elsewhere is 409 as well', async () => {
  const { kit, api, errors } = await openMerchant();
  api.on(PATH, { status: 409, json: { code: 'unique_violation' } });
  api.on(statusPath, { status: 200, json: { status: 'waitingConfirmation' } });
  const order = { ...TEA, reference: 'order-1', replaces: UUID };
  api.on(statusPath.replace(/status$/, 'expire'), {
    status: 409,
    json: { code: 'tx_already_sent' },
  });
  const page = await openCheckout(kit, browser, () => order);
  const json = await openCheckout(kit, program, () => order);
  expect([page.status, json.status]).toEqual([409, 409]);
  expect(page.body).toContain('Your payment is on its way.');
  expect(JSON.parse(json.body)).toEqual({ error: 'payment in progress', uuid: UUID });
  expect(errors).toEqual([]);
});

test('an API that refuses for good asks nobody to come again', async () => {
  const { kit, api, errors } = await openMerchant();
  api.on(PATH, { status: 400, json: { error: 'inner workings', code: 'bad_request' } });
  const { status, headers, body } = await openCheckout(kit, program, () => TEA);
  expect([status, headers['retry-after']]).toEqual([500, undefined]);
  expect(body).not.toContain('inner workings');
  await expect.poll(() => errors).toMatchObject([{ error: { apiCode: 'bad_request' } }]);
});

// Anything may be thrown in code without types.
function fail(thrown: unknown): never {
  throw thrown;
}
