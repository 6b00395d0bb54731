import { expect, test } from 'vitest';
import { settle } from '../../support/settle.js';
import {
  asksForEvents,
  type LiveShop,
  openLiveShop,
  pathOf,
  PAYMENT,
  read,
  until,
} from '../support/live-shop.js';

const id = (number: number): string => `pay@${String(number).padStart(4, '0')}`;

test('a thousand streams of a hundred sessions are a hundred watchers; all is let go when they leave', async () => {
  const { api, clock, open } = await openLiveShop();
  for (let number = 0; number < 100; number += 1) api.set(id(number), { status: 'created' });
  const answers = await Promise.all(
    Array.from({ length: 1_000 }, async (_, index) => open(pathOf(id(index % 100)), asksForEvents)),
  );
  const seen = answers.map(read);
  // A heartbeat for each stream, and a sleep for each watcher.
  await until(() => clock.waiting === 1_100 && api.unanswered === 0);
  for (let second = 0; second < 5; second += 1) {
    await clock.advance(1_000);
    await until(() => clock.waiting === 1_100 && api.unanswered === 0);
  }
  expect(seen.filter(({ text }) => text.includes('"step":"customer"'))).toHaveLength(1_000);
  expect(new Set(api.asked).size).toBe(100);
  expect(api.asked.length).toBeLessThan(100 * 8);

  const asked = api.asked.length;
  for (const { stream } of answers) stream?.destroy();
  await until(() => clock.waiting === 0);
  await clock.advance(60_000);
  expect(api.asked).toHaveLength(asked);
});

/** Opens streams one after the other. */
async function openStreams(
  { open }: LiveShop,
  count: number,
  request: (index: number) => { id: string; client: string },
) {
  const seen: { status: number; text: string; ended: boolean }[] = [];
  for (let index = 0; index < count; index += 1) {
    const { id: uuid, client } = request(index);
    const answer = await open(pathOf(uuid), { ...asksForEvents, client });
    seen.push(Object.assign(read(answer), { status: answer.status }));
  }
  await settle();
  return seen;
}

const busy = ({ text, ended }: { text: string; ended: boolean }): boolean =>
  ended && text.endsWith('retry: 60000\n\nevent: busy\ndata: {}\n\n');

test('one id has a hundred streams; who finds no place gets a 503 and may look by JSON', async () => {
  const shop = await openLiveShop();
  shop.api.set('pay@1', { status: 'created' });
  const one = () => ({ id: 'pay@1', client: '192.0.2.1' });
  const seen = await openStreams(shop, 500, one);
  expect(seen.map(({ status }) => status)).toEqual([
    ...Array.from({ length: 100 }, () => 200),
    ...Array.from({ length: 400 }, () => 503),
  ]);
  expect(seen.filter(({ ended }) => ended)).toEqual([]);
  const refused = await shop.open(pathOf('pay@1'), { ...asksForEvents, client: '192.0.2.1' });
  expect([refused.status, refused.headers['retry-after'], refused.body]).toEqual([
    503,
    '5',
    '{"error":"too many viewers, please come again"}',
  ]);
  expect((await shop.open(pathOf('pay@1'), { client: '192.0.2.1' })).status).toBe(200);

  // Somebody else who looks at the same payment has a place all the same.
  const [other] = await openStreams(shop, 1, () => ({ id: 'pay@1', client: '192.0.2.2' }));
  expect(other?.status).toBe(200);
  expect(seen.filter(busy)).toEqual([seen[0]]);
});

test('one address that holds every place gives its oldest up for whoever comes', async () => {
  const shop = await openLiveShop();
  const release = shop.api.hold();
  const flood = (index: number) => ({ id: `pay@${index}`, client: '192.0.2.1' });
  const seen = await openStreams(shop, 2_010, flood);
  expect(new Set(seen.map(({ status }) => status))).toEqual(new Set([200]));
  expect(seen.findLastIndex(busy)).toBe(9);
  const customer = (index: number) => ({ id: `pay@c-${index}`, client: `198.51.100.${index}` });
  const others = await openStreams(shop, 20, customer);
  expect(others.filter(({ status, ended }) => status === 200 && !ended)).toHaveLength(20);
  expect(seen.findLastIndex(busy)).toBe(29);
  release();
});

test('many addresses do not shut out a payment that somebody vouches for', async () => {
  const shop = await openLiveShop();
  await shop.payByWebhook(PAYMENT);
  const release = shop.api.hold();
  const bots = (index: number) => ({ id: `pay@${index}`, client: `bot-${index}` });
  const seen = await openStreams(shop, 2_000, bots);
  const [stranger] = await openStreams(shop, 1, () => ({ id: 'pay@s', client: '192.0.2.1' }));
  expect(stranger?.status).toBe(503);
  const [customer] = await openStreams(shop, 1, () => ({ id: PAYMENT, client: '192.0.2.2' }));
  expect(customer?.status).toBe(200);
  expect(seen.filter(busy)).toEqual([seen[0]]);
  const [more] = await openStreams(shop, 1, () => ({ id: 'pay@more', client: '192.0.2.3' }));
  expect(more?.status).toBe(503);
  expect(customer?.ended).toBe(false);
  release();
});

test('a place that is left is free again, and JSON needs none', async () => {
  const shop = await openLiveShop();
  const release = shop.api.hold();
  const bots = (index: number) => ({ id: `pay@${index}`, client: `bot-${index}` });
  const answer = await shop.open(pathOf('pay@first'), { ...asksForEvents, client: 'first' });
  const seen = await openStreams(shop, 1_999, bots);
  expect(seen.filter(({ status }) => status === 200)).toHaveLength(1_999);
  const asking = () => shop.open(pathOf('pay@more'), { ...asksForEvents, client: 'more' });
  expect((await asking()).status).toBe(503);
  answer.stream?.destroy();
  await settle();
  expect((await asking()).status).toBe(200);
  const json = shop.open(pathOf('pay@json'), { client: 'json' });
  await shop.clock.advance(5_000);
  expect((await json).status).toBe(200);
  release();
});
