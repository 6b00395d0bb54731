import { expect, test } from 'vitest';
import { settle } from '../support/settle.js';
import {
  asksForEvents,
  openLiveShop,
  passUntil,
  pathOf,
  PAYMENT,
  read,
  until,
} from './support/live-shop.js';

const PATH = pathOf(PAYMENT);

/** The `data` of every event. */
function eventsIn(text: string): unknown[] {
  return [...text.matchAll(/^event: status\ndata: (.*)$/gm)].map(([, data]) =>
    JSON.parse(data ?? ''),
  );
}

test('JSON by default, as the return pages say it', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'waitingConfirmation', txHash: '0xabc' });
  const answer = await open(PATH);
  expect([answer.status, answer.headers['cache-control'], answer.stream]).toEqual([
    200,
    'no-store',
    undefined,
  ]);
  expect(JSON.parse(answer.body)).toEqual({
    state: 'waiting',
    uuid: PAYMENT,
    status: 'waitingConfirmation',
    step: 'confirming',
    final: false,
    attemptFailed: false,
  });
});

test('events where they are asked for: the headers that keep proxies from holding them', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const { status, headers, stream } = await open(PATH, asksForEvents);
  stream?.destroy();
  expect([status, headers]).toEqual([
    200,
    {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
      'x-content-type-options': 'nosniff',
    },
  ]);
});

test('snapshot first, then the changes, and the end when it is final', async () => {
  const { api, clock, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const seen = read(await open(PATH, asksForEvents));
  await until(() => eventsIn(seen.text).length === 1);
  expect(seen.text).toMatch(/^retry: 2000\n\n/);

  api.set(PAYMENT, { status: 'waitingConfirmation' });
  await passUntil(clock, () => eventsIn(seen.text).length === 2);
  api.set(PAYMENT, { status: 'completed' });
  await passUntil(clock, () => seen.ended);

  expect(eventsIn(seen.text)).toMatchObject([
    { state: 'waiting', step: 'customer', final: false },
    { state: 'waiting', step: 'sent', final: false },
    { state: 'paid', step: 'paid', final: true },
  ]);
  await until(() => clock.waiting === 0);
});

test.each([
  ['completed', { status: 'completed' }],
  ['expired', { status: 'expired' }],
  ['unknown', { http: 404 }],
] as const)(
  'a standard client that comes back after the last event is told to stay away: %s',
  async (_what, reply) => {
    const { api, kit, open } = await openLiveShop();
    api.set(PAYMENT, reply);
    const seen = read(await open(PATH, asksForEvents));
    await until(() => seen.ended);
    const [, lastId] = /^id: (.*)\nevent: status\n/m.exec(seen.text) ?? [];
    const authorize = () => {
      throw new Error('nobody is asked');
    };
    const again = { ...asksForEvents.headers, 'last-event-id': lastId };
    const { status, headers, body, stream } = await kit.handleStatus(
      { method: 'GET', url: PATH, headers: again },
      { authorize },
    );
    expect([status, headers, body, stream]).toEqual([
      204,
      { 'cache-control': 'no-store' },
      '',
      undefined,
    ]);
    expect(api.asked).toEqual([PAYMENT]);
  },
);

test('the last event id closes the stream alone: JSON, and what is not over, are answered', async () => {
  const { api, clock, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const seen = read(await open(PATH, asksForEvents));
  await until(() => eventsIn(seen.text).length === 1);
  expect(seen.text).not.toContain('id:');
  expect((await open(PATH, { headers: { 'last-event-id': 'final' } })).status).toBe(200);
  const other = { ...asksForEvents.headers, 'last-event-id': '7' };
  expect((await open(PATH, { headers: other })).status).toBe(200);
  await clock.advance(0);
});

test('who comes back after a drop begins with the current state', async () => {
  const { api, clock, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const first = await open(PATH, asksForEvents);
  const seen = read(first);
  await until(() => eventsIn(seen.text).length === 1);
  first.stream?.destroy();
  await until(() => clock.waiting === 0);

  api.set(PAYMENT, { status: 'completed' });
  await clock.advance(2_000);
  const again = read(await open(PATH, asksForEvents));
  await until(() => again.ended);
  expect(eventsIn(again.text)).toMatchObject([{ state: 'paid' }]);
});

test('a webhook reaches the stream at once, and the page it then asks for says the same', async () => {
  const { api, kit, open, payByWebhook } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const seen = read(await open(PATH, asksForEvents));
  await until(() => eventsIn(seen.text).length === 1);

  api.set(PAYMENT, { status: 'completed' });
  await payByWebhook(PAYMENT);
  await until(() => seen.ended);
  expect(eventsIn(seen.text)).toMatchObject([{ state: 'waiting' }, { state: 'paid' }]);
  // No time has passed: what the API said before the webhook must not be remembered.
  const page = await kit.handleReturn(
    { method: 'GET', url: `/success?uuid=${encodeURIComponent(PAYMENT)}`, headers: {} },
    { page: 'success' },
  );
  expect(page.body).toContain('Payment received');
});

test('nor is what the API was saying while the webhook came', async () => {
  const { api, open, payByWebhook } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const release = api.hold();
  const seen = read(await open(PATH, asksForEvents));
  await until(() => api.asked.length === 1);
  await payByWebhook(PAYMENT);
  await until(() => seen.ended);
  api.set(PAYMENT, { status: 'completed' });
  const asking = open(PATH);
  release();
  expect(JSON.parse((await asking).body)).toMatchObject({ state: 'paid' });
});

test('a viewer of nothing is told so and let go', async () => {
  const { clock, open } = await openLiveShop();
  const seen = read(await open(PATH, asksForEvents));
  await until(() => seen.ended);
  expect(eventsIn(seen.text)).toMatchObject([{ state: 'unknown' }]);
  await until(() => clock.waiting === 0);
});

test('an API that asks to be left alone is a stream that waits', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, { http: 429, headers: { 'retry-after': '20' } });
  const seen = read(await open(PATH, asksForEvents));
  await until(() => eventsIn(seen.text).length === 1);
  expect(eventsIn(seen.text)).toMatchObject([{ state: 'waiting', final: false }]);
});

test('close() ends the streams, so that a server can stop; then there is no room', async () => {
  const { api, open, close } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const seen = read(await open(PATH, asksForEvents));
  await until(() => eventsIn(seen.text).length === 1);
  await close();
  await settle();
  expect(seen.ended).toBe(true);
  const { status, headers, stream } = await open(PATH, asksForEvents);
  expect([status, headers['retry-after'], stream]).toEqual([503, '5', undefined]);
});

test('HEAD has the headers of the JSON and opens nothing', async () => {
  const { api, clock, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const head = await open(PATH, { ...asksForEvents, method: 'HEAD' });
  expect([head.status, head.headers['content-type'], head.body, head.stream]).toEqual([
    200,
    'application/json; charset=utf-8',
    '',
    undefined,
  ]);
  expect(clock.waiting).toBe(0);
});

test.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('%s is 405', async (method) => {
  const { api, open } = await openLiveShop();
  const { status, headers } = await open(PATH, { ...asksForEvents, method });
  expect([status, headers['allow'], api.asked]).toEqual([405, 'GET, HEAD', []]);
});

test.each([
  '/status/%7B%7BUUID%7D%7D',
  '/status/%zz',
  '/status/%2e%2e',
  '/status/pay@1%0d%0aset-cookie:a=b',
  `/status/${'x'.repeat(200)}`,
  '/status/<script>',
])('%s names nothing: 400 as JSON, also where events were asked for', async (path) => {
  const { api, open } = await openLiveShop();
  const { status, headers, body, stream } = await open(path, asksForEvents);
  expect([status, headers['content-type'], stream]).toEqual([
    400,
    'application/json; charset=utf-8',
    undefined,
  ]);
  expect(JSON.parse(body)).toEqual({ state: 'invalid', final: true, attemptFailed: false });
  expect(api.asked).toEqual([]);
});

test('whom authorize refuses gets what an unknown payment gets, and the API is not asked', async () => {
  const { api, kit } = await openLiveShop();
  api.set(PAYMENT, { status: 'completed' });
  const request = { method: 'GET', url: PATH, ...asksForEvents, headers: {} };
  const seen: unknown[] = [];
  const refused = await kit.handleStatus(
    { ...request, ...asksForEvents },
    {
      authorize: (asked, reference) => {
        seen.push([asked.url, reference]);
        return false;
      },
    },
  );
  expect(api.asked).toEqual([]);
  expect([refused.status, refused.stream, JSON.parse(refused.body)]).toEqual([
    404,
    undefined,
    { state: 'unknown', uuid: PAYMENT, final: false, attemptFailed: false },
  ]);
  expect(seen).toEqual([[PATH, { uuid: PAYMENT }]]);
});

test('the type in the query is minded where the id leaves it open', async () => {
  const { api, open } = await openLiveShop({ generation: 'v1' });
  api.set('01a0c0c7', { status: 'created' });
  await open('/status/01a0c0c7?type=subscription');
  expect(api.asked).toEqual(['01a0c0c7']);
});

test('nothing of the customer, the key or the message of the API is in a stream', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, {
    status: 'completed',
    message: 'paid by jane@customer.test',
    customerUuid: 'customer-1',
    customerReference: 'jane@customer.test',
  });
  const seen = read(await open(PATH, asksForEvents));
  await until(() => seen.ended);
  expect(seen.text).not.toMatch(/customer|sk_test|whsec/);
});
