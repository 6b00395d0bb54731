import { expect, test } from 'vitest';
import { openLiveShop, pathOf, PAYMENT, until } from '../support/live-shop.js';

test('two hundred requests at once for one id are one query', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'completed' });
  const answers = await Promise.all(Array.from({ length: 200 }, async () => open(pathOf(PAYMENT))));
  expect(new Set(answers.map(({ body }) => JSON.parse(body).state))).toEqual(new Set(['paid']));
  expect(api.asked).toEqual([PAYMENT]);
});

test('nor are success page, cancel page and status route together more than one', async () => {
  const { api, kit, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const url = `/r?uuid=${encodeURIComponent(PAYMENT)}`;
  const request = { method: 'GET', url, headers: {} };
  await Promise.all([
    open(pathOf(PAYMENT)),
    kit.confirmReturn(request, { page: 'success' }),
    kit.confirmReturn(request, { page: 'cancel' }),
  ]);
  expect(api.asked).toEqual([PAYMENT]);
});

test('ten thousand made-up ids are never more than thirty-two queries at once', async () => {
  const { api, open } = await openLiveShop();
  let most = 0;
  const release = api.hold();
  const answers = Promise.all(
    Array.from({ length: 10_000 }, async (_, number) => open(pathOf(`pay@${number}`))),
  );
  await until(() => api.asked.length === 32);
  most = api.unanswered;
  release();
  const statuses = (await answers).map(({ status }) => status);
  expect([most, api.asked.length]).toEqual([32, 32]);
  expect(statuses.filter((status) => status === 404)).toHaveLength(32);
  expect(statuses.filter((status) => status === 200)).toHaveLength(9_968);
});

test('one after the other they never get beyond it either', async () => {
  const { api, open } = await openLiveShop();
  const release = api.hold();
  const answers: Promise<unknown>[] = [];
  let most = 0;
  for (let round = 0; round < 20; round += 1) {
    for (let index = 0; index < 20; index += 1) answers.push(open(pathOf(`pay@${round}-${index}`)));
    await until(() => api.asked.length === Math.min(32, (round + 1) * 20));
    most = Math.max(most, api.unanswered);
  }
  expect(most).toBe(32);
  release();
  await Promise.all(answers);
});

test('429 slows everything down: nobody is asked about until Retry-After, and all wait', async () => {
  const { api, clock, open } = await openLiveShop();
  api.set(PAYMENT, { http: 429, headers: { 'retry-after': '30' } });
  const first = await open(pathOf(PAYMENT));
  expect([first.status, first.headers['retry-after'], JSON.parse(first.body).state]).toEqual([
    200,
    '30',
    'waiting',
  ]);
  await clock.advance(29_999);
  const states = await Promise.all(
    Array.from(
      { length: 100 },
      async (_, number) => JSON.parse((await open(pathOf(`pay@${number}`))).body).state,
    ),
  );
  expect(new Set(states)).toEqual(new Set(['waiting']));
  expect(api.asked).toEqual([PAYMENT]);

  api.set(PAYMENT, { status: 'completed' });
  await clock.advance(1);
  expect(JSON.parse((await open(pathOf(PAYMENT))).body).state).toBe('paid');
});
