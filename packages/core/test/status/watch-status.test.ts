import { once } from 'node:events';
import { Readable } from 'node:stream';
import { expect, onTestFinished, test } from 'vitest';
import { memoryStore } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { withChanges } from '../support/shop.js';
import { openLiveShop, passUntil, PAYMENT, until } from './support/live-shop.js';

const OVER = { done: true, value: undefined };

test('the current status comes first, then every change, until it is final', async () => {
  const { api, clock, watch } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const watched = watch();
  await until(() => watched.reports.length === 1);

  api.set(PAYMENT, { status: 'waitingConfirmation', txHash: '0xabc' });
  await clock.advance(1_000);
  await until(() => watched.reports.length === 2);
  api.set(PAYMENT, { status: 'completed', txHash: '0xabc' });
  await clock.advance(1_000);
  await watched.ended;

  expect(watched.reports).toMatchObject([
    { uuid: PAYMENT, status: 'created', generation: 'v2' },
    { uuid: PAYMENT, status: 'waitingConfirmation', txHash: '0xabc' },
    { uuid: PAYMENT, status: 'completed', txHash: '0xabc' },
  ]);
});

test.each(['completed', 'expired'])('what is %s already is one step', async (status) => {
  const { api, watch } = await openLiveShop();
  api.set(PAYMENT, { status });
  const watched = watch();
  await watched.ended;
  expect(watched.statuses()).toEqual([status]);
  expect(api.asked).toEqual([PAYMENT]);
});

test('on v2 a failed attempt is a change, and not the end', async () => {
  const { api, clock, watch } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const watched = watch();
  await until(() => watched.reports.length === 1);
  api.set(PAYMENT, { status: 'created', lastAttempt: { status: 'failed', at: 'x' } });
  await clock.advance(1_000);
  await until(() => watched.reports.length === 2);
  api.set(PAYMENT, { status: 'completed' });
  await clock.advance(10_000);
  await watched.ended;
  expect(watched.statuses()).toEqual(['created', 'created', 'completed']);
});

test('a status nobody knows yet is passed on, and is not the end', async () => {
  const { api, clock, watch } = await openLiveShop();
  api.set(PAYMENT, { status: 'frozen' });
  const watched = watch();
  await until(() => watched.reports.length === 1);
  api.set(PAYMENT, { status: 'completed' });
  await clock.advance(1_000);
  await watched.ended;
  expect(watched.statuses()).toEqual(['frozen', 'completed']);
});

test('an id the API comes to know later is followed from then on', async () => {
  const { api, clock, watch } = await openLiveShop();
  const watched = watch();
  await until(() => api.asked.length === 1 && clock.waiting === 1);
  api.set(PAYMENT, { status: 'completed' });
  await passUntil(clock, () => watched.reports.length === 1);
  await watched.ended;
  expect(watched.statuses()).toEqual(['completed']);
});

test('nothing is asked before the first step', async () => {
  const { api, clock, kit } = await openLiveShop();
  kit.watchStatus({ uuid: PAYMENT });
  await clock.advance(10_000);
  expect(api.asked).toEqual([]);
});

test('abort ends it without an error and lets go of everything', async () => {
  const { api, clock, watch } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const leaving = new AbortController();
  const watched = watch({ uuid: PAYMENT }, leaving.signal);
  await until(() => watched.reports.length === 1 && clock.waiting === 1);

  leaving.abort();
  await watched.ended;
  expect(clock.waiting).toBe(0);
  await clock.advance(60_000);
  expect(api.asked).toEqual([PAYMENT]);
});

test('a signal that aborted before the first step ends it there', async () => {
  const { clock, watch } = await openLiveShop();
  const watched = watch({ uuid: PAYMENT }, AbortSignal.abort());
  await watched.ended;
  expect([watched.reports, clock.waiting]).toEqual([[], 0]);
});

test('leaving the loop lets go of everything', async () => {
  const { api, clock, kit } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  for await (const report of kit.watchStatus({ uuid: PAYMENT })) {
    expect(report.status).toBe('created');
    break;
  }
  await until(() => clock.waiting === 0);
  await clock.advance(60_000);
  expect(api.asked).toEqual([PAYMENT]);
});

test('leaving while the API is asked lets go once it has answered', async () => {
  const { api, clock, watch } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const release = api.hold();
  const leaving = new AbortController();
  const watched = watch({ uuid: PAYMENT }, leaving.signal);
  await until(() => api.asked.length === 1);
  leaving.abort();
  await watched.ended;
  release();
  await until(() => clock.waiting === 0);
  await clock.advance(60_000);
  expect([api.asked, watched.reports]).toEqual([[PAYMENT], []]);
});

test.each(['return', 'throw'] as const)(
  '%s() settles while a step is awaited, ends it, and lets go of everything',
  async (leave) => {
    const { api, clock, kit } = await openLiveShop();
    api.set(PAYMENT, { status: 'created' });
    const reports = kit.watchStatus({ uuid: PAYMENT });
    await reports.next();
    const awaited = [reports.next(), reports.next()];
    await until(() => clock.waiting === 1);
    await Promise.allSettled([reports[leave]?.()]);
    expect(await Promise.all(awaited)).toEqual([OVER, OVER]);
    expect(await reports.next()).toEqual(OVER);
    expect(clock.waiting).toBe(0);
  },
);

test('return() before the first step asks nothing, and there is none after it', async () => {
  const { api, clock, kit } = await openLiveShop();
  const reports = kit.watchStatus({ uuid: PAYMENT });
  expect(await reports.return?.()).toEqual(OVER);
  expect(await reports.next()).toEqual(OVER);
  expect([api.asked, clock.waiting]).toEqual([[], 0]);
});

test('a stream made of it is destroyed while it waits', async () => {
  const { api, clock, kit } = await openLiveShop();
  const stream = Readable.from(kit.watchStatus({ uuid: PAYMENT }));
  stream.resume();
  await until(() => api.asked.length === 1 && clock.waiting === 1);
  stream.destroy();
  await once(stream, 'close');
  await until(() => clock.waiting === 0);
  await clock.advance(60_000);
  expect(api.asked).toHaveLength(1);
});

test('steps that are awaited at once get the changes in turn', async () => {
  const { api, clock, kit } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const reports = kit.watchStatus({ uuid: PAYMENT });
  const steps = [reports.next(), reports.next(), reports.next()];
  await steps[0];
  api.set(PAYMENT, { status: 'completed' });
  await passUntil(clock, () => clock.waiting === 0);
  expect(await Promise.all(steps)).toMatchObject([
    { value: { status: 'created' } },
    { value: { status: 'completed' } },
    OVER,
  ]);
});

test('one signal ends a hundred watchers, and no leak is suspected', async () => {
  const warnings: Error[] = [];
  const warned = (warning: Error): unknown => warnings.push(warning);
  process.on('warning', warned);
  onTestFinished(() => void process.off('warning', warned));
  const { clock, watch } = await openLiveShop();
  const shutdown = new AbortController();
  const watched = Array.from({ length: 100 }, (_, index) =>
    watch({ uuid: `pay@${index}` }, shutdown.signal),
  );
  await settle();
  shutdown.abort();
  await Promise.all(watched.map(async ({ ended }) => ended));
  await until(() => clock.waiting === 0);
  expect(warnings).toEqual([]);
});

test('close() ends whoever is watching', async () => {
  const { api, watch, close } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const watched = watch();
  await until(() => watched.reports.length === 1);
  await close();
  await watched.ended;
  expect(watched.statuses()).toEqual(['created']);
  await watch().ended;
  expect(api.asked).toEqual([PAYMENT]);
});

test.each(['', '..', 'x'.repeat(257)])('%j is no reference, and says so', async (uuid) => {
  const { watch } = await openLiveShop();
  const { ended } = watch({ uuid });
  expect(await rejectionOf(ended)).toMatchObject({ code: 'invalid_reference' });
});

test('a webhook is told at once, and what the API says later takes nothing back', async () => {
  const { api, clock, watch, payByWebhook } = await openLiveShop();
  api.set(PAYMENT, { status: 'created' });
  const watched = watch();
  await until(() => watched.reports.length === 1);
  const release = api.hold();
  await clock.advance(1_000);
  await until(() => api.asked.length === 2);

  await payByWebhook(PAYMENT);
  await watched.ended;
  release();
  expect(watched.statuses()).toEqual(['created', 'completed']);
});

test('what another process recorded is asked about at once', async () => {
  const clock = fakeClock();
  const listeners = new Set<(subject: string | undefined) => void>();
  const store = withChanges(memoryStore({ clock }), {
    onDue: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  });
  const { api, watch, close } = await openLiveShop({ clock, store });
  api.set(PAYMENT, { status: 'created' });
  const watched = watch();
  await until(() => watched.reports.length === 1);

  api.set(PAYMENT, { status: 'completed' });
  for (const tell of listeners) tell(undefined);
  for (const tell of listeners) tell('pay@somebody-else');
  await until(() => api.unanswered === 0);
  expect(api.asked).toHaveLength(1);
  for (const tell of listeners) tell(PAYMENT);
  await watched.ended;

  expect(watched.statuses()).toEqual(['created', 'completed']);
  await close();
  expect(listeners.size).toBe(0);
});

test('a subscription is followed like a payment', async () => {
  const uuid = PAYMENT.replace('pay@', 'sub@');
  const { api, clock, watch } = await openLiveShop();
  api.set(uuid, { status: 'created' });
  const watched = watch({ uuid });
  await until(() => watched.reports.length === 1);
  api.set(uuid, { status: 'completed' });
  await clock.advance(1_000);
  await watched.ended;
  expect(watched.statuses()).toEqual(['created', 'completed']);
});
