import { expect, test } from 'vitest';
import type { Answer } from '../api/support/api-server.js';
import { rejectionOf } from '../support/rejection-of.js';
import { LINK, openMerchant, PAYMENT_PATH, TEA } from './support/merchant.js';

const CREATE = `/v2${PAYMENT_PATH}`;
const ORDER = { ...TEA, reference: 'order-1' };
/** The merchant's clock stands at 12:00. */
const LATER = '2026-10-01T13:00:00Z';
const EARLIER = '2026-10-01T11:00:00Z';

const statusOf = (uuid: string) => `/v2/transaction/session-checkout/${uuid}/status`;
const expireOf = (uuid: string) => `/v2/transaction/session-checkout/${uuid}/expire`;
const opened = (uuid: string, expiresAt = LATER): Answer => ({
  status: 201,
  json: { uuid, link: LINK, expiresAt },
});
const is = (status: string): Answer => ({ status: 200, json: { status } });
const taken: Answer = {
  status: 409,
  json: { code: 'unique_violation', details: { field: 'reference' } },
};

test.each<[string, Answer]>([
  ['is expired', is('expired')],
  ['is not known any more', { status: 404 }],
  ['cannot be asked about', { status: 500 }],
])('a session whose time is past and that %s is followed by another', async (_name, status) => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('old', EARLIER), opened('new'));
  api.on(statusOf('old'), status);
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'new' });
  const keys = posts().map(({ headers }) => String(headers['idempotency-key']).slice(-2));
  expect(keys).toEqual([':0', ':1']);
});

test('a session that is expired long before its time is followed by another', async () => {
  const { kit, api } = await openMerchant();
  api.on(CREATE, opened('old'), opened('new'));
  api.on(statusOf('old'), is('expired'));
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'new' });
});

test('a session past its time that the API still calls open is ended before another is opened', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('old', EARLIER), opened('new'));
  api.on(statusOf('old'), is('created'));
  api.on(statusOf('new'), is('created'));
  api.on(expireOf('old'), { status: 200, json: {} });
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'new' });
  expect(posts().map(({ url }) => url)).toEqual([CREATE, expireOf('old'), CREATE]);
});

test('a clock that goes ahead by days opens no sessions for ever', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('a', EARLIER), opened('b', EARLIER), opened('c', EARLIER));
  for (const uuid of ['a', 'b', 'c']) {
    api.on(statusOf(uuid), is('created'));
    api.on(expireOf(uuid), { status: 200, json: {} });
  }
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'b' });
  expect(posts()).toHaveLength(3);
});

test('an API that gives one session for every key is taken at its word', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('same', EARLIER));
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'same' });
  expect(posts()).toHaveLength(2);
});

test('a session that was passed because of the clock alone is given where it holds the reference', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('old', EARLIER), taken);
  api.on(statusOf('old'), { status: 503 });
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'old' });
  expect(posts()).toHaveLength(2);
});

test('an expired session that is given for every key is no checkout', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('same'));
  api.on(statusOf('same'), is('expired'));
  expect(await rejectionOf(kit.checkout.createPayment(ORDER))).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: 'reference' }] },
  });
  expect(posts()).toHaveLength(2);
});

test('the walk over expired sessions has an end', async () => {
  const { kit, api, posts } = await openMerchant();
  let count = 0;
  api.on(CREATE, (response) => {
    count += 1;
    api.on(statusOf(`s${count}`), is('expired'));
    response.writeHead(201, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ uuid: `s${count}`, link: LINK, expiresAt: LATER }));
  });
  expect(await rejectionOf(kit.checkout.createPayment(ORDER))).toMatchObject({
    code: 'invalid_checkout',
    facts: {
      fieldErrors: [{ field: 'reference', message: expect.stringContaining('new reference') }],
    },
  });
  expect(posts().length).toBeGreaterThan(144);
  expect(posts().length).toBeLessThan(1_000);
});

test.each<[string, Answer]>([
  ['is open', is('created')],
  ['is being paid', is('waitingConfirmation')],
  ['has a status that nobody knows yet', is('settling')],
  ['cannot be asked about', { status: 503 }],
  ['is asked about in vain', { status: 200, text: '<html>' }],
  ['is not known', { status: 404 }],
])('a session within its time that %s is the one', async (_name, status) => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('one'));
  api.on(statusOf('one'), status);
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'one' });
  expect(posts()).toHaveLength(1);
});

test('a session that is paid is an error, whatever its time', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('one', EARLIER));
  api.on(statusOf('one'), is('completed'));
  const error = await rejectionOf(kit.checkout.createPayment(ORDER));
  expect(error).toMatchObject({
    code: 'already_paid',
    facts: { reference: 'order-1', uuid: 'one' },
  });
  expect(posts()).toHaveLength(1);
});

test('an answer that was lost is asked for again under the same key', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, (response) => response.destroy(), opened('one'));
  api.on(statusOf('one'), is('created'));
  expect(await kit.checkout.createPayment(ORDER)).toMatchObject({ uuid: 'one' });
  expect(new Set(posts().map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
});

const CHANGED = { ...ORDER, price: 4 };

test.each<[string, Answer, Answer]>([
  ['it is done', { status: 200, json: {} }, is('expired')],
  ['it expired meanwhile', { status: 410, json: { code: 'expired' } }, is('expired')],
  ['it is forgotten', { status: 404 }, { status: 404 }],
  ['the answer is lost', (response) => response.destroy(), is('expired')],
  ['a gateway failed after it', { status: 502 }, is('expired')],
])('changed terms end the open session first: %s', async (_name, ending, status) => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('one'));
  api.on(statusOf('one'), is('created'));
  await kit.checkout.createPayment(ORDER);
  api.on(CREATE, opened('two'));
  api.on(expireOf('one'), ending);
  api.on(statusOf('one'), status);
  expect(await kit.checkout.createPayment(CHANGED)).toMatchObject({ uuid: 'two' });
  expect(posts().map(({ url }) => url)).toEqual([CREATE, expireOf('one'), CREATE]);
});

test.each<[string, Answer]>([
  ['is down', { status: 503 }],
  ['does not answer', (response) => response.destroy()],
  ['refuses', { status: 403 }],
])(
  'where the open session cannot be ended because the API %s, none is opened',
  async (_name, ending) => {
    const { kit, api, posts } = await openMerchant();
    api.on(CREATE, opened('one'));
    api.on(statusOf('one'), is('created'));
    await kit.checkout.createPayment(ORDER);
    api.on(expireOf('one'), ending);
    expect(await rejectionOf(kit.checkout.createPayment(CHANGED))).toMatchObject({
      name: 'ApiError',
    });
    expect(posts().filter(({ url }) => url === CREATE)).toHaveLength(1);
  },
);

test.each<[string, Answer]>([
  ['says so', is('waitingConfirmation')],
  ['lags behind', is('created')],
  ['cannot say', { status: 500 }],
])(
  'changed terms while somebody pays: the page where it is paid, also when the status %s',
  async (_name, status) => {
    const { kit, api, posts } = await openMerchant();
    api.on(CREATE, opened('one'));
    api.on(statusOf('one'), is('created'));
    const session = await kit.checkout.createPayment(ORDER);
    api.on(expireOf('one'), { status: 409, json: { code: 'tx_already_sent' } });
    api.on(statusOf('one'), status);
    expect(await kit.checkout.createPayment(CHANGED)).toEqual(session);
    expect(posts().filter(({ url }) => url === CREATE)).toHaveLength(1);
  },
);

test('one order as a payment and then as a subscription: the first is ended', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(CREATE, opened('one'));
  api.on(statusOf('one'), is('created'));
  await kit.checkout.createPayment(ORDER);
  api.on(expireOf('one'), { status: 200, json: {} });
  await kit.checkout.createSubscription(ORDER);
  expect(posts().map(({ url }) => url)).toEqual([
    CREATE,
    expireOf('one'),
    CREATE.replace('payment', 'subscription'),
  ]);
});

test('what replaces a session of another reference ends it, and never leaves two that can be paid', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(statusOf('old'), is('created'));
  api.on(expireOf('old'), { status: 200, json: {} });
  api.on(CREATE, opened('new'));
  const params = { ...ORDER, replaces: 'old' };
  expect(await kit.checkout.createPayment(params)).toMatchObject({ uuid: 'new' });
  expect(posts().map(({ url }) => url)).toEqual([CREATE, expireOf('old')]);
});

test('where the replaced session is paid in that very moment, the new one is ended', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(statusOf('old'), is('created'), is('completed'));
  api.on(expireOf('old'), { status: 409, json: { code: 'tx_already_sent' } });
  api.on(CREATE, opened('new'));
  api.on(expireOf('new'), { status: 200, json: {} });
  const error = await rejectionOf(kit.checkout.createPayment({ ...ORDER, replaces: 'old' }));
  expect(error).toMatchObject({ code: 'already_paid', facts: { uuid: 'old' } });
  expect(posts().map(({ url }) => url)).toEqual([CREATE, expireOf('old'), expireOf('new')]);
});

test('an order without a reference replaces a session before it opens another', async () => {
  const { kit, api, posts } = await openMerchant();
  api.on(statusOf('old'), is('created'));
  api.on(expireOf('old'), { status: 200, json: {} });
  api.on(CREATE, opened('new'));
  expect(await kit.checkout.createPayment({ ...TEA, replaces: 'old' })).toMatchObject({
    uuid: 'new',
  });
  expect(posts().map(({ url }) => url)).toEqual([expireOf('old'), CREATE]);
});

test.each([
  ['payment.completed', 'pay@1'],
  ['subscription.created', 'sub@1'],
])('a reference that nobody here knows is looked for among the newest %s', async (type, uuid) => {
  const { kit, api } = await openMerchant();
  api.on(CREATE, taken);
  const items = [{ data: { uuid: 'pay@0' } }, 7, { data: { uuid, reference: 'order-1' } }];
  const none = { status: 200, json: { items: [], nextCursor: null } };
  const found = { status: 200, json: { items, nextCursor: null } };
  api.on('/v2/webhooks/events', ...(type === 'payment.completed' ? [found] : [none, found]));
  expect(await rejectionOf(kit.checkout.createPayment(ORDER))).toMatchObject({
    code: 'already_paid',
    facts: { reference: 'order-1', uuid },
  });
  expect(api.requests.at(-1)?.url).toContain(`type=${type}`);
});

test.each<[string, Answer]>([
  ['is not to be had', { status: 403 }],
  ['makes no sense', { status: 200, json: { items: 'none' } }],
  ['does not answer', (response) => response.destroy()],
])('an event log that %s leaves it at that the reference is taken', async (_name, log) => {
  const { kit, api } = await openMerchant();
  api.on(CREATE, taken);
  api.on('/v2/webhooks/events', log);
  expect(await rejectionOf(kit.checkout.createPayment(ORDER))).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: 'reference' }] },
  });
});
