import { expect, test } from 'vitest';
import { asksForEvents, openLiveShop, pathOf, read, until } from '../support/live-shop.js';

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
  // Those beyond the 32 queries at once come round with the next look.
  for (let second = 0; second < 20; second += 1) {
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

test('beyond two thousand transactions a stream is 503, and JSON is still answered', async () => {
  const { api, open } = await openLiveShop();
  const release = api.hold();
  for (let number = 0; number < 2_000; number += 1) {
    const { status } = await open(pathOf(id(number)), asksForEvents);
    expect(status).toBe(200);
  }
  const refused = await open(pathOf('pay@more'), asksForEvents);
  expect([refused.status, refused.headers['retry-after'], refused.body]).toEqual([
    503,
    '5',
    '{"error":"too many viewers, please come again"}',
  ]);
  expect((await open(pathOf(id(7)), asksForEvents)).status).toBe(200);
  expect((await open(pathOf('pay@more'))).status).toBe(200);
  release();
});
