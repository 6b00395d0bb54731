import { expect, test } from 'vitest';
import { createStatusHub } from '../../src/status/hub.js';
import { openLiveShop, pathOf, PAYMENT, until } from './support/live-shop.js';

/** As a mail client or a merchant's own table gives it back. */
const SPELLINGS = [PAYMENT, PAYMENT.toUpperCase(), PAYMENT.replaceAll('-', ''), `${PAYMENT}.`];

test('a webhook tells everybody who looks, under whatever spelling', async () => {
  const { api, watch, payByWebhook } = await openLiveShop();
  for (const uuid of SPELLINGS) api.set(uuid, { status: 'created' });
  const watched = SPELLINGS.map((uuid) => watch({ uuid }));
  await until(() => watched.every(({ reports }) => reports.length === 1));
  await payByWebhook(PAYMENT);
  // No time passes: nobody polls.
  await Promise.all(watched.map(async ({ ended }) => ended));
  for (const [index, { reports }] of watched.entries())
    expect(reports).toMatchObject([
      { status: 'created' },
      { uuid: SPELLINGS[index], status: 'completed' },
    ]);
});

test.each(SPELLINGS)(
  'a page that asks for %s after the webhook is not told what was true before',
  async (uuid) => {
    const { api, open, payByWebhook } = await openLiveShop();
    api.set(uuid, { status: 'created' });
    expect((await open(pathOf(uuid))).body).toContain('"status":"created"');
    await payByWebhook(PAYMENT);
    api.set(uuid, { status: 'completed' });
    expect((await open(pathOf(uuid))).body).toContain('"status":"completed"');
  },
);

test('an answer under way as the webhook came counts for no spelling', async () => {
  const { api, open, payByWebhook } = await openLiveShop();
  const shouted = PAYMENT.toUpperCase();
  api.set(shouted, { status: 'created' });
  const release = api.hold();
  const first = open(pathOf(shouted));
  await until(() => api.asked.length === 1);
  await payByWebhook(PAYMENT);
  const second = open(pathOf(shouted));
  release();
  await first;
  api.set(shouted, { status: 'completed' });
  expect((await second).body).toContain('"status":"completed"');
  expect(api.asked).toEqual([shouted, shouted]);
});

test('an id nobody knows under one spelling is known under another', async () => {
  const { api, open } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  expect((await open(pathOf(PAYMENT.toUpperCase()))).status).toBe(404);
  expect((await open(pathOf(PAYMENT))).status).toBe(200);
});

test('what the channel says of its own spelling is heard under ours', async () => {
  const { api, watch } = await openLiveShop({ generation: 'v1' });
  const shouted = PAYMENT.toUpperCase();
  api.set(shouted, { status: 'created' });
  api.meet(() => undefined);
  const watched = watch({ uuid: shouted });
  await until(() => watched.reports.length === 1 && api.sockets.size === 1);
  api.tell(PAYMENT, { status: 'completed' });
  await watched.ended;
  expect(watched.statuses()).toEqual(['created', 'completed']);
});

test('news reach a transaction alone: ids that are no UUIDs may differ by a hyphen, and kinds by their prefix', () => {
  const nudged: string[] = [];
  const hub = createStatusHub(({ uuid }) => ({
    nudge: () => nudged.push(uuid),
    stop: () => undefined,
  }));
  const viewer = { onAnswer: () => undefined, onClosed: () => undefined };
  const subscription = PAYMENT.replace('pay@', 'sub@');
  const leaves = ['pay@a-b', 'pay@ab', PAYMENT, PAYMENT.toUpperCase(), subscription].map((uuid) =>
    hub.subscribe({ uuid }, viewer),
  );
  hub.push('pay@ab');
  expect(nudged).toEqual(['pay@ab']);
  hub.push(PAYMENT);
  expect(nudged.splice(0)).toEqual(['pay@ab', PAYMENT, PAYMENT.toUpperCase()]);
  leaves[3]?.();
  hub.push(PAYMENT);
  expect(nudged.splice(0)).toEqual([PAYMENT]);
  for (const leave of leaves) leave();
  hub.push(PAYMENT);
  expect([nudged, hub.watched]).toEqual([[], 0]);
});
