import { expect, test } from 'vitest';
import { openLiveShop, passUntil, PAYMENT, until } from './support/live-shop.js';
import type { Channel } from './support/status-api.js';

async function openV1Shop(channel: Channel) {
  const shop = await openLiveShop({ generation: 'v1' });
  shop.api.set(PAYMENT, { status: 'created' });
  shop.api.meet(channel);
  return shop;
}

const silent = (): void => undefined;

test('what the channel says is told as it comes, without asking', async () => {
  const { api, watch } = await openV1Shop(silent);
  const watched = watch();
  await until(() => watched.reports.length === 1 && api.sockets.size === 1);
  api.tell(PAYMENT, { status: 'pending', txHash: '0xabc' });
  await until(() => watched.reports.length === 2);
  api.tell(PAYMENT, { status: 'completed', txHash: '0xabc' });
  await watched.ended;

  expect(watched.reports).toMatchObject([
    { status: 'created' },
    { uuid: PAYMENT, status: 'pending', txHash: '0xabc', generation: 'v1' },
    { uuid: PAYMENT, status: 'completed' },
  ]);
  expect(api.asked).toEqual([PAYMENT]);
  expect(api.opened).toEqual([
    `/v1/transaction/status/ws?txUUID=${encodeURIComponent(PAYMENT)}&txType=payment`,
  ]);
  await until(() => api.sockets.size === 0);
});

test('on v1 failed is final', async () => {
  const { api, watch } = await openV1Shop(silent);
  const watched = watch();
  await until(() => watched.reports.length === 1 && api.sockets.size === 1);
  api.tell(PAYMENT, { status: 'failed' });
  await watched.ended;
  expect(watched.statuses()).toEqual(['created', 'failed']);
});

test('the API key goes with it, in its header', async () => {
  const { api, watch } = await openV1Shop(silent);
  const leaving = new AbortController();
  watch({ uuid: PAYMENT }, leaving.signal);
  await until(() => api.opened.length === 1);
  leaving.abort();
  expect(api.channelKeys).toEqual(['sk_test']);
});

test('v2 opens no channel', async () => {
  const { api, watch } = await openLiveShop();
  api.set(PAYMENT, { status: 'completed' });
  await watch().ended;
  expect(api.opened).toEqual([]);
});

test('leaving closes the channel', async () => {
  const { api, clock, watch } = await openV1Shop(silent);
  const leaving = new AbortController();
  const watched = watch({ uuid: PAYMENT }, leaving.signal);
  await until(() => watched.reports.length === 1 && api.sockets.size === 1);
  leaving.abort();
  await watched.ended;
  await until(() => api.sockets.size === 0 && clock.waiting === 0);
  await clock.advance(60_000);
  expect([api.opened.length, api.asked.length]).toEqual([1, 1]);
});

const notStarted = JSON.stringify({ error: 'not_found', status: 404, message: 'not started' });

/** Ways for the channel to be of no use; the truth is what polling finds. */
const useless: [string, Channel][] = [
  ['is refused', 403],
  ['is not there', 404],
  ['is broken', 500],
  ['redirects', 302],
  ['never answers', 'never'],
  ['never speaks', silent],
  ['closes with 1000 before the end', (socket) => socket.close(1000)],
  ['dies', (socket) => socket.terminate()],
  ['says that nothing has started', (socket) => socket.send(notStarted)],
  ['says what is no JSON', (socket) => socket.send('<html>')],
  ['says bytes', (socket) => socket.send(Buffer.from([0xff, 0, 0xfe]))],
  ['says too much', (socket) => socket.send('x'.repeat(70_000))],
  ['says a wrong type', (socket) => socket.send('{"status":{"status":7}}')],
  ['says null', (socket) => socket.send('null')],
  ['breaks the protocol', (socket) => socket.close(1002, 'x')],
  [
    'tells of another payment',
    (socket) => socket.send('{"transactionUUID":"pay@2","status":{"status":"completed"}}'),
  ],
];

test.each(useless)('a channel that %s costs time, never the truth', async (_what, channel) => {
  const { api, clock, watch } = await openV1Shop(channel);
  const watched = watch();
  await until(() => watched.reports.length === 1 && api.opened.length === 1);
  await clock.advance(500);
  expect(watched.statuses()).toEqual(['created']);

  api.set(PAYMENT, { status: 'completed', txHash: '0xabc' });
  await passUntil(clock, () => watched.reports.length === 2);
  await watched.ended;
  expect(watched.reports[1]).toMatchObject({ uuid: PAYMENT, status: 'completed' });
  await until(() => api.sockets.size === 0);
});

test('a channel that is refused is tried three times, then left alone', async () => {
  const { api, clock, watch } = await openV1Shop(403);
  const leaving = new AbortController();
  watch({ uuid: PAYMENT }, leaving.signal);
  await passUntil(clock, () => api.opened.length === 3);
  const asked = api.asked.length;
  await passUntil(clock, () => api.asked.length > asked + 3);
  expect(api.opened).toHaveLength(3);
  leaving.abort();
});

test('one that drops after every message is reconnected to less and less often', async () => {
  const { api, clock, watch } = await openV1Shop((socket) => {
    socket.send(JSON.stringify({ transactionUUID: PAYMENT, status: { status: 'created' } }));
    socket.close(1011);
  });
  const leaving = new AbortController();
  watch({ uuid: PAYMENT }, leaving.signal);
  await until(() => api.asked.length > 0);
  const seconds: number[] = [];
  for (let second = 0; second < 40; second += 1) {
    const before = api.opened.length;
    await clock.advance(1_000);
    await until(() => api.sockets.size === 0 && api.unanswered === 0);
    if (api.opened.length > before) seconds.push(second);
  }
  expect(seconds.length).toBeLessThan(8);
  expect(seconds.length).toBeGreaterThan(3);
  leaving.abort();
});

test('after it broke off it is connected to again, and what was missed is asked about', async () => {
  let connections = 0;
  const { api, clock, watch } = await openV1Shop((socket) => {
    connections += 1;
    if (connections > 1) return;
    socket.send(JSON.stringify({ transactionUUID: PAYMENT, status: { status: 'pending' } }));
    socket.once('message', () => undefined);
    setTimeout(() => socket.terminate(), 5);
  });
  const watched = watch();
  await until(() => watched.statuses().includes('pending') && api.sockets.size === 0);
  await passUntil(clock, () => connections === 2 && api.sockets.size === 1);
  api.tell(PAYMENT, { status: 'completed' });
  await watched.ended;
  expect(watched.statuses().at(-1)).toBe('completed');
});

test('a completion on the channel is recorded, as one that was polled', async () => {
  const { api, watch } = await openV1Shop(silent);
  const watched = watch();
  await until(() => watched.reports.length === 1 && api.sockets.size === 1);
  api.tell(PAYMENT, { status: 'completed' });
  await watched.ended;
  await until(() => api.others.length === 1);
  expect(api.others).toEqual([`/v1/transaction/payment/${encodeURIComponent(PAYMENT)}`]);
});
