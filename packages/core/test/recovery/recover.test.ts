import { expect, test } from 'vitest';
import { rejectionOf } from '../support/rejection-of.js';
import { settle } from '../support/settle.js';
import { withChanges } from '../support/shop.js';
import {
  keyOf,
  logged,
  openRecoveryShop,
  serveLog,
  storeOfYesterday,
} from './support/recovery-shop.js';

const EVER = 0;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

test('what the store lacks is recorded and handled, what it has is left alone', async () => {
  const { api, kit, deliver, keys } = await openRecoveryShop();
  await deliver(logged(1));
  await settle();
  serveLog(api, [logged(0), logged(1), logged(2)]);

  expect(await kit.recover({ since: EVER })).toEqual({
    seen: 3,
    recorded: 2,
    known: 1,
    complete: true,
  });
  await settle();
  expect(keys()).toEqual([keyOf(1), keyOf(0), keyOf(2)]);
});

test('a delivery that comes late finds its event done', async () => {
  const { api, kit, deliver, keys } = await openRecoveryShop();
  serveLog(api, [logged(0)]);
  await kit.recover({ since: EVER });
  expect((await deliver(logged(0))).status).toBe(200);
  await settle();
  expect(keys()).toEqual([keyOf(0)]);
});

test('a recovered event says where it came from', async () => {
  const { api, kit, store } = await openRecoveryShop();
  serveLog(api, [logged(0)]);
  await kit.recover({ since: EVER });
  expect(await store.get(keyOf(0))).toMatchObject({ source: 'recovery', id: 'evt_0' });
});

test('it turns the pages by their cursors, asking for a hundred at a time', async () => {
  const { api, kit } = await openRecoveryShop();
  const log = serveLog(
    api,
    numbers(250).map((number) => logged(number)),
  );
  expect(await kit.recover({ since: EVER })).toMatchObject({ seen: 250, recorded: 250 });
  expect(log.cursors).toEqual([null, 'evt_99', 'evt_199']);
  expect(api.requests[0]?.url).toBe('/v2/webhooks/events?limit=100');
});

test.each([
  ['a Date', new Date('2026-10-01T11:58:00Z')],
  ['milliseconds', Date.parse('2026-10-01T11:58:00Z')],
  ['a text', '2026-10-01T11:58:00Z'],
  ['a text with an offset', '2026-10-01T13:58:00+02:00'],
])('it stops at since, given as %s', async (_what, since) => {
  const { api, kit } = await openRecoveryShop();
  const log = serveLog(
    api,
    numbers(10).map((number) => logged(number)),
    5,
  );
  expect(await kit.recover({ since })).toEqual({
    seen: 3,
    recorded: 3,
    known: 0,
    complete: true,
  });
  expect(log.cursors).toEqual([null]);
});

test('what is no option is refused, with the one that was meant', async () => {
  const { kit } = await openRecoveryShop();
  const slips = [{ sinse: EVER }, { since: EVER, abort: true }, undefined];
  const errors = await Promise.all(
    slips.map(async (options) => rejectionOf(kit.recover(options as never))),
  );
  expect(errors.map(String)).toEqual([
    "QBitFlowError: recover: 'sinse' is no option: did you mean since?",
    "QBitFlowError: recover: 'abort' is no option: it takes since, signal",
    expect.stringContaining('since is no time'),
  ]);
});

test.each(['yesterday', '', Number.NaN, new Date('x')])('since %s is refused', async (since) => {
  const { api, kit } = await openRecoveryShop();
  expect(await rejectionOf(kit.recover({ since }))).toMatchObject({ code: 'misconfigured' });
  expect(api.requests).toEqual([]);
});

test('an empty log is no trouble', async () => {
  const { api, kit } = await openRecoveryShop();
  serveLog(api, []);
  expect(await kit.recover({ since: EVER })).toEqual({
    seen: 0,
    recorded: 0,
    known: 0,
    complete: true,
  });
});

test('twice at once, and on two instances of one store, each event is handled once', async () => {
  const { clock, store } = await storeOfYesterday();
  const one = await openRecoveryShop({ clock, store });
  const other = await openRecoveryShop({ clock, store });
  for (const { api } of [one, other])
    serveLog(
      api,
      numbers(120).map((number) => logged(number)),
      50,
    );

  const reports = await Promise.all(
    [one, one, other].map(async ({ kit }) => kit.recover({ since: EVER })),
  );
  await settle(400);

  expect(reports.map(({ seen }) => seen)).toEqual([120, 120, 120]);
  expect(reports.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(120);
  const keys = [...one.keys(), ...other.keys()];
  expect([keys.length, new Set(keys).size]).toEqual([120, 120]);
});

test('a signal ends it between pages; what was recorded stays', async () => {
  const { api, kit, store } = await openRecoveryShop();
  serveLog(
    api,
    numbers(10).map((number) => logged(number)),
    5,
  );
  const leaving = new AbortController();
  kit.onAny(() => leaving.abort(), { name: 'leave' });
  const report = await kit.recover({ since: EVER, signal: leaving.signal });
  expect(report.complete).toBe(false);
  expect(report.seen).toBeLessThanOrEqual(5);
  expect(await store.get(keyOf(0))).toBeDefined();
});

test('a signal while the API is asked ends it the same way', async () => {
  const { api, kit } = await openRecoveryShop();
  const leaving = new AbortController();
  api.on('/v2/webhooks/events', () => leaving.abort());
  expect(await kit.recover({ since: EVER, signal: leaving.signal })).toEqual({
    seen: 0,
    recorded: 0,
    known: 0,
    complete: false,
  });
});

test('a signal that has aborted asks nothing', async () => {
  const { api, kit } = await openRecoveryShop();
  const report = await kit.recover({ since: EVER, signal: AbortSignal.abort() });
  expect([report.complete, api.requests]).toEqual([false, []]);
});

test('an API that fails midway rejects; what was recorded stays, and the next walk gets the rest', async () => {
  const { api, kit, store } = await openRecoveryShop();
  const items = numbers(4).map((number) => logged(number));
  api.on(
    '/v2/webhooks/events',
    { status: 200, json: { items: items.slice(0, 2), nextCursor: 'evt_1' } },
    { status: 401, json: { error: 'no', code: 'unauthorized' } },
  );
  expect(await rejectionOf(kit.recover({ since: EVER }))).toMatchObject({
    code: 'api_rejected',
    status: 401,
  });
  expect(
    await Promise.all([0, 1, 2].map(async (number) => store.get(keyOf(number)))),
  ).toMatchObject([{ id: 'evt_0' }, { id: 'evt_1' }, undefined]);

  serveLog(api, items);
  expect(await kit.recover({ since: EVER })).toMatchObject({ seen: 4, recorded: 2, known: 2 });
});

test('a store that fails midway rejects', async () => {
  const { clock, store: inner } = await storeOfYesterday();
  const store = withChanges(inner, {
    record: async (delivery) => {
      if (delivery.id === 'evt_1') throw new Error('disk full');
      return inner.record(delivery);
    },
  });
  const { api, kit } = await openRecoveryShop({ clock, store });
  serveLog(
    api,
    numbers(3).map((number) => logged(number)),
  );
  expect(await rejectionOf(kit.recover({ since: EVER }))).toMatchObject({
    code: 'store_unavailable',
  });
});

test.each([
  ['nothing', {}],
  ['a list', []],
  ['items of texts', { items: ['evt_1'] }],
  ['a cursor that is a number', { items: [], nextCursor: 7 }],
])('a page that is %s is no page', async (_what, json) => {
  const { api, kit } = await openRecoveryShop();
  api.on('/v2/webhooks/events', { status: 200, json });
  expect(await rejectionOf(kit.recover({ since: EVER }))).toMatchObject({ code: 'api_unreadable' });
});

test('a log that turns in circles is left', async () => {
  const { api, kit } = await openRecoveryShop();
  api.on('/v2/webhooks/events', { status: 200, json: { items: [logged(0)], nextCursor: 'evt_0' } });
  expect(await rejectionOf(kit.recover({ since: EVER }))).toMatchObject({ code: 'api_unreadable' });
  expect(api.requests.length).toBeLessThan(4);
});

test('types nobody knows yet are handled, unreadable events are kept as dead letters, and neither stops the walk', async () => {
  const { api, kit, store, handled } = await openRecoveryShop();
  serveLog(api, [
    logged(0, { type: 'payment.frozen', data: { uuid: 'pay@9' } }),
    logged(1, { data: { uuid: 7 } }),
    logged(2, { test: 'yes' }),
    logged(3, { createdAt: undefined }),
    logged(4, { id: undefined }),
    logged(5),
  ]);
  expect(await kit.recover({ since: EVER })).toMatchObject({
    seen: 6,
    recorded: 6,
    complete: true,
  });
  await settle(20);
  expect(handled.map(({ type, key }) => [type, key])).toEqual([
    ['unknown', 'payment.frozen:evt_0'],
    ['payment.completed', keyOf(3)],
    ['payment.completed', keyOf(5)],
  ]);
  expect(await store.stats()).toMatchObject({ dead: 3 });
  expect(await kit.recover({ since: EVER })).toMatchObject({ seen: 6, recorded: 0, known: 6 });
});

test('a v1 kit recovers from the same log', async () => {
  const { api, kit, keys } = await openRecoveryShop({ generation: 'v1' });
  serveLog(api, [logged(0)]);
  await kit.recover({ since: EVER });
  await settle();
  expect(keys()).toEqual([keyOf(0)]);
});
