import {
  createQBitFlow,
  memoryStore,
  QBitFlowError,
  type DurableStore,
  type QBitFlowOptions,
} from '@qbitflow/core';
import { fakeClock, fixtures } from '@qbitflow/core/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { payment } from '../../support/deliveries.js';
import { rejectionOf } from '../../support/rejection-of.js';
import { settle } from '../../support/settle.js';
import { openShop, withChanges } from '../../support/shop.js';

const body = fixtures.v2['payment.completed']();
const MINUTE_MS = 60_000;

/** A shop whose store cannot be opened as long as `away` is set; `asked` counts how often it was tried. */
function openAway(
  options: Omit<QBitFlowOptions, 'clock' | 'store'> = {},
  init: () => Promise<void> = async () => Promise.reject(new Error('ECONNREFUSED')),
) {
  const clock = fakeClock();
  const inner = memoryStore({ clock });
  const state = { away: true, asked: 0 };
  const store: DurableStore = withChanges(inner, {
    durable: true,
    init: async () => {
      state.asked += 1;
      if (state.away) await init();
    },
  });
  const shop = openShop({ ...options, clock, store });
  const runs: string[] = [];
  shop.kit.on('payment.completed', ({ key }) => runs.push(key));
  return { ...shop, inner, state, runs };
}

function watchUnhandled(): unknown[] {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => {
    process.off('unhandledRejection', note);
  });
  return unhandled;
}

const outcomeOf = async (promise: Promise<void>): Promise<string> =>
  Promise.race([
    promise.then(
      () => 'resolved',
      (error: unknown) => String(error),
    ),
    settle().then(() => 'pending'),
  ]);

test('a start while the store is away goes on until it is there, and has the backlog handled', async () => {
  const { kit, clock, state, inner, runs, logger } = openAway();
  await inner.record(payment(1));
  const started = kit.start();
  await clock.advance(10 * MINUTE_MS);
  expect(await outcomeOf(started)).toBe('pending');
  expect(state.asked).toBeGreaterThan(5);
  expect(state.asked).toBeLessThan(40);
  state.away = false;
  await clock.advance(31_000);
  expect(await outcomeOf(started)).toBe('resolved');
  expect(runs).toEqual([payment(1).key]);
  expect(logger.withCode('store_opened')).toMatchObject([{ level: 'info' }]);
});

test('what goes wrong is told at once and then once a minute, not with every try', async () => {
  const { kit, clock, errors, logger } = openAway();
  void kit.start();
  await clock.advance(5 * MINUTE_MS);
  expect(errors.length).toBeGreaterThan(3);
  expect(errors.length).toBeLessThan(7);
  expect(errors[0]).toMatchObject({
    error: { message: 'ECONNREFUSED' },
    facts: { stage: 'store' },
  });
  expect(logger.withCode('store_failed').length).toBe(errors.length);
});

test('nobody needs to await a start: no rejection is left unhandled', async () => {
  const unhandled = watchUnhandled();
  const away = openAway();
  const fast = openAway({ failFast: true });
  const wrong = openAway({}, async () =>
    Promise.reject(new QBitFlowError('misconfigured', 'the client is too old')),
  );
  for (const { kit, clock } of [away, fast, wrong]) {
    void kit.start();
    await clock.advance(2 * MINUTE_MS);
    await settle();
  }
  expect(unhandled).toEqual([]);
});

test('deliveries are answered 503 meanwhile, and taken as soon as the store is there', async () => {
  const { kit, clock, deliver, state, runs } = openAway();
  const started = kit.start();
  await settle();
  const { status, headers } = await deliver(body);
  expect([status, headers['retry-after']]).toEqual([503, '10']);
  await clock.advance(5 * MINUTE_MS);
  state.away = false;
  // It does not wait for the pause to end, and neither does the start.
  expect((await deliver(body)).status).toBe(200);
  expect(await outcomeOf(started)).toBe('resolved');
  await settle();
  expect(runs).toHaveLength(1);
});

test('failFast rejects with the cause, and a later start or delivery tries again', async () => {
  const { kit, clock, deliver, state } = openAway({ failFast: true });
  await expect(kit.start()).rejects.toThrow('ECONNREFUSED');
  await clock.advance(5 * MINUTE_MS);
  expect(state.asked).toBe(1);
  expect((await deliver(body)).status).toBe(503);
  state.away = false;
  expect((await deliver(body)).status).toBe(200);
  await kit.start();
  expect(state.asked).toBe(3);
});

test('close() ends the trying, and whoever waited for the start', async () => {
  const { kit, clock, state, close, deliver } = openAway();
  const started = kit.start();
  await settle();
  await close();
  expect(await outcomeOf(started)).toBe('resolved');
  const { asked } = state;
  await clock.advance(10 * MINUTE_MS);
  expect([state.asked, clock.waiting]).toEqual([asked, 0]);
  expect((await deliver(body)).status).toBe(503);
  expect(await outcomeOf(kit.start())).toBe('resolved');
  expect(state.asked).toBe(asked);
});

test('a store that cannot work as it is set up rejects the start, and is tried all the same', async () => {
  const refused = new QBitFlowError('misconfigured', 'the role may not create a schema');
  const { kit, clock, deliver, state, errors, runs } = openAway({}, async () =>
    Promise.reject(refused),
  );
  expect(await rejectionOf(kit.start())).toBe(refused);
  expect((await deliver(body)).status).toBe(500);
  expect(await rejectionOf(kit.start())).toBe(refused);
  await settle();
  expect(errors.map(({ error }) => error)).toContain(refused);
  state.away = false;
  await clock.advance(31_000);
  expect((await deliver(body)).status).toBe(200);
  await settle();
  expect(runs).toHaveLength(1);
});

test('a store that hangs while it is opened is asked again', async () => {
  const { kit, clock, state, deliver, errors } = openAway(
    {},
    async () => new Promise(() => undefined),
  );
  const started = kit.start();
  const answer = deliver(body);
  await clock.advance(5_000);
  expect((await answer).status).toBe(503);
  await clock.advance(2 * MINUTE_MS);
  expect(state.asked).toBeGreaterThan(1);
  expect(errors.at(-1)?.error.message).toContain('was not ready within 60000 ms');
  state.away = false;
  await clock.advance(2 * MINUTE_MS);
  expect(await outcomeOf(started)).toBe('resolved');
});

test.each<[string, Partial<DurableStore>]>([
  [
    'throws at once when it is opened',
    {
      init() {
        throw new Error('sync');
      },
    },
  ],
  [
    'cannot be listened to',
    {
      onDue() {
        throw new Error('sync');
      },
    },
  ],
])('a store that %s is reported, not thrown out of start()', async (_name, changes) => {
  const unhandled = watchUnhandled();
  const shop = openShop({ store: withChanges(memoryStore(), changes) });
  void shop.kit.start();
  await shop.clock.advance(1_000);
  expect(shop.errors[0]).toMatchObject({ error: { message: 'sync' }, facts: { stage: 'store' } });
  expect(unhandled).toEqual([]);
});

test('without a listener it is said on stderr at once and once a minute: a start that fails is never silent', async () => {
  const lines: string[] = [];
  const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  onTestFinished(() => write.mockRestore());
  const clock = fakeClock();
  const store = withChanges(memoryStore({ clock }), {
    init: async () => Promise.reject(new Error('ECONNREFUSED')),
  });
  const kit = createQBitFlow({ webhookSecret: 'whsec_a', clock, store });
  void kit.start();
  await settle();
  expect(lines).toEqual([expect.stringContaining('error store_failed: ECONNREFUSED')]);
  await clock.advance(2 * MINUTE_MS);
  expect(lines.length).toBeGreaterThan(1);
  const before = lines.length;
  kit.onError(() => undefined);
  await clock.advance(2 * MINUTE_MS);
  expect(lines).toHaveLength(before);
  await kit.close();
});
