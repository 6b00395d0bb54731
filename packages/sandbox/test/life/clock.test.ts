import { fakeClock } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import { startSandbox, type Sandbox } from '../../src/index.js';
import { digestV2 } from '../support/formula.js';
import { logged, story } from '../support/log.js';
import { startReceiver } from '../support/receiver.js';
import {
  call,
  openPayment,
  openSandbox,
  openSubscription,
  openWorld,
  subscription,
} from '../support/world.js';

const DAY_MS = 86_400_000;
const YEAR_MS = 365 * DAY_MS;
/** Twenty thousand things take seconds on an idle machine. */
const PATIENT = { timeout: 120_000 };

test('a year of a monthly subscription arrives in its order, each event at its own time', async () => {
  const { sandbox, receiver } = await openWorld({ clock: fakeClock() });
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.idle();
  await sandbox.advance(YEAR_MS);
  const events = receiver.received.slice(2).map(({ body }) => {
    const { type, createdAt }: { type?: unknown; createdAt?: unknown } = Object(JSON.parse(body));
    return { type, createdAt };
  });
  expect(events.map(({ type }) => type)).toEqual(
    Array.from({ length: 12 }, () => ['subscription.upcomingBill', 'subscription.billed']).flat(),
  );
  const times = events.map(({ createdAt }) => String(createdAt));
  expect(times).toEqual(times.toSorted());
  expect(new Set(times).size).toBe(24);
  expect(sandbox.deliveries.every(({ state }) => state === 'delivered')).toBe(true);
  expect(sandbox.deliveries.map(({ attempts }) => attempts[0]?.at)).toEqual(
    sandbox.events.filter(({ version }) => version === 'v2').map(({ createdAt }) => createdAt),
  );
});

test("signatures keep the machine's time, which is the shop's, in both generations", async () => {
  const clock = fakeClock();
  const { sandbox, receiver } = await openWorld({ clock, deliver: 'both' });
  await sandbox.advance(YEAR_MS);
  await sandbox.testWebhook();
  await sandbox.idle();
  const seconds = String(clock.now() / 1000);
  const v2 = receiver.received.find(({ headers }) => 'qbitflow-signature' in headers);
  const v1 = receiver.received.find(({ headers }) => 'x-webhook-timestamp' in headers);
  expect(v2?.headers['qbitflow-signature']).toBe(
    `t=${seconds},v1=${v2 && digestV2(v2, sandbox.secret)}`,
  );
  expect(v1?.headers['x-webhook-timestamp']).toBe(seconds);
  const verified = await call(sandbox, 'POST /v2/webhooks/verify', {
    endpointUuid: '00000000-0000-4000-8000-0000000000e0',
    body: v2?.body,
    signature: v2?.headers['qbitflow-signature'],
  });
  expect(verified.status).toBe(200);
});

test('an open session expires on the way, a payment is confirmed', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock, confirmationMs: 3_000 });
  await openPayment(sandbox, { expiresInMinutes: 10 });
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.advance(600_000);
  expect(story(sandbox)).toEqual([
    '2026-10-01T12:00 payment.completed',
    '2026-10-01T12:10 checkout.expired',
  ]);
  expect(logged(sandbox, 'v2')[0]).toMatchObject({ at: '2026-10-01T12:00:03.000Z' });
});

test('a delivery that is to be tried again is tried again on the way', async () => {
  const { sandbox, receiver } = await openWorld(
    { clock: fakeClock(), retryDelaysMs: [60_000, 3_600_000] },
    (response, number) => {
      response.statusCode = number < 3 ? 500 : 200;
      response.end();
    },
  );
  await sandbox.pay(await openPayment(sandbox));
  await expect.poll(() => sandbox.deliveries[0]?.attempts.length, { timeout: 10_000 }).toBe(1);
  await sandbox.advance(DAY_MS);
  expect(receiver.received).toHaveLength(3);
  const begun = Date.parse('2026-10-01T12:00:00Z');
  expect(sandbox.deliveries[0]?.attempts.map(({ at }) => at - begun)).toEqual([
    0, 60_000, 3_660_000,
  ]);
});

test("a rotated secret's and an idempotency key's day passes", async () => {
  const { sandbox, receiver } = await openWorld({ clock: fakeClock() });
  const create = 'POST /v2/transaction/session-checkout/new/payment';
  const key = { 'idempotency-key': 'a' };
  const open = async () => {
    const terms = { productName: 'Tea', price: 1 };
    return (await call(sandbox, create, terms, key)).body['uuid'];
  };
  const first = await open();
  sandbox.rotateSecret('whsec_next');
  await sandbox.advance(DAY_MS - 1);
  expect(await open()).toBe(first);
  await sandbox.testWebhook();
  await sandbox.idle();
  await sandbox.advance(1);
  expect(await open()).not.toBe(first);
  await sandbox.testWebhook();
  await sandbox.idle();
  const signatures = receiver.received
    .filter(({ headers }) => headers['qbitflow-event-type'] === 'webhook.test')
    .map(({ headers }) => String(headers['qbitflow-signature']).split(',').length - 1);
  expect(signatures).toEqual([2, 1]);
});

test('the clock is moved and read over HTTP', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  expect((await call(sandbox, 'GET /sandbox/clock')).body).toEqual({
    now: '2026-10-01T12:00:00.000Z',
    aheadMs: 0,
  });
  const moved = await call(sandbox, 'POST /sandbox/clock', { advanceMs: DAY_MS });
  expect(moved.body).toEqual({ now: '2026-10-02T12:00:00.000Z', aheadMs: DAY_MS });
  expect(sandbox.now).toBe(Date.parse('2026-10-02T12:00:00Z'));
  expect((await call(sandbox, 'GET /sandbox/clock')).body).toEqual(moved.body);
});

test.each([
  [{ advanceMs: -1 }, 'the clock is moved by a whole number of ms from 0 to 315360000000'],
  [{ advanceMs: 1.5 }, 'the clock is moved by a whole number'],
  [{ advanceMs: 10 * YEAR_MS + 1 }, 'the clock is moved by a whole number'],
  [{ advanceMs: '5' }, 'advanceMs must be a number of ms'],
  [{}, 'advanceMs must be a number of ms'],
  [{ advanceMs: 1, days: 3 }, 'there is no field days: there is advanceMs'],
])('a move that cannot be is refused: %o', async (body, reason) => {
  const sandbox = await openSandbox();
  const answer = await call(sandbox, 'POST /sandbox/clock', body);
  expect(answer.status).toBe(400);
  expect(answer.body['error']).toContain(reason);
  expect((await call(sandbox, 'GET /sandbox/clock')).body['aheadMs']).toBe(0);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, -0.5])('%d ms are refused in code', async (ms) => {
  const sandbox = await openSandbox();
  await expect(sandbox.advance(ms)).rejects.toThrow('a whole number of ms');
});

test('it is moved a hundred years ahead in all, where dates still are dates', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  for (let decade = 0; decade < 10; decade += 1) await sandbox.advance(10 * YEAR_MS);
  await expect(sandbox.advance(1)).rejects.toThrow('100 years ahead at most');
});

test('two moves at once are refused, so that order holds', async () => {
  const sandbox = await openSandbox();
  const first = sandbox.advance(1_000);
  await expect(sandbox.advance(1_000)).rejects.toThrow('the clock is being moved');
  await first;
  await sandbox.advance(1_000);
});

test('a move on which too much happens stops, says where, and can go on', PATIENT, async () => {
  const sandbox = await openSandbox({ clock: fakeClock(), keep: 10 });
  await sandbox.pay(await openSubscription(sandbox, { frequency: { value: 5, unit: 'minutes' } }));
  await expect(sandbox.advance(YEAR_MS)).rejects.toThrow(
    /^the clock stopped at 2026-11-05T05:20:00.000Z: more than 20000 things/,
  );
  expect(sandbox.now).toBe(Date.parse('2026-11-05T05:20:00Z'));
  expect(sandbox.events).toHaveLength(10);
  await sandbox.advance(300_000);
  expect(sandbox.now).toBe(Date.parse('2026-11-05T05:25:00Z'));
});

test('a shop that asks for another move while it answers is refused, and nothing hangs', async () => {
  const answers: number[] = [];
  let isMoving = false;
  const ask = async () => (await call(sandbox, 'POST /sandbox/clock', { advanceMs: 1 })).status;
  const { sandbox } = await openWorld({ clock: fakeClock() }, (response) => {
    const asked = isMoving ? ask().then((status) => answers.push(status)) : Promise.resolve();
    void asked.then(() => response.end());
  });
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.idle();
  isMoving = true;
  await sandbox.advance(30 * DAY_MS);
  expect(answers).toEqual([409, 409]);
});

test('a shop that never answers is not waited for again and again', async () => {
  const { sandbox, receiver } = await openWorld({}, () => undefined);
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.advance(YEAR_MS);
  expect(receiver.received.length).toBeGreaterThan(2);
  expect(sandbox.sessions[0]?.subscription?.billCount).toBe(13);
  // The time in which it may answer is the machine's.
  expect(sandbox.deliveries.flatMap(({ attempts }) => attempts)).toEqual([]);
});

test('the calendar goes on by the given clock from where a move has come to', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.advance(29 * DAY_MS);
  const bills = () => sandbox.sessions[0]?.subscription?.billCount;
  await clock.advance(DAY_MS - 1);
  expect(bills()).toBe(1);
  await clock.advance(1);
  expect(bills()).toBe(2);
  expect(sandbox.now).toBe(clock.now() + 29 * DAY_MS);
});

test('time that passes during a move brings nothing about before its turn, and is not lost', async () => {
  const clock = fakeClock();
  let during: unknown;
  const { sandbox } = await openWorld(
    { clock, deliveryTimeoutMs: DAY_MS, retryDelaysMs: [600_000] },
    (response, number) => {
      if (number === 1) response.statusCode = 500;
      void (number === 2 ? pass() : Promise.resolve()).then(() => response.end());
    },
  );
  const attempts = () => sandbox.deliveries[0]?.attempts.length;
  const pass = async () => {
    await clock.advance(600_000);
    during = sandbox.sessions[0]?.status;
  };
  await openPayment(sandbox, { expiresInMinutes: 10 });
  await sandbox.testWebhook();
  await expect.poll(attempts, { timeout: 10_000 }).toBe(1);
  await sandbox.joinMember();
  await sandbox.advance(60_000);
  expect(during).toBe('created');
  await clock.advance(0);
  await sandbox.idle();
  expect(sandbox.sessions[0]?.status).toBe('expired');
  const begun = Date.parse('2026-10-01T12:00:00Z');
  expect(sandbox.deliveries[0]?.attempts.map(({ at }) => at - begun)).toEqual([0, 660_000]);
});

test("an API fault's delay is the machine's: no move of the clock makes it shorter", async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  sandbox.setApiFault({ delayMs: 60_000 });
  let isAnswered = false;
  const answered = call(sandbox, 'GET /v2/webhooks/events').then(() => (isAnswered = true));
  await expect.poll(() => sandbox.requests.length, { timeout: 10_000 }).toBe(1);
  await sandbox.advance(DAY_MS);
  expect([isAnswered, clock.waiting]).toEqual([false, 1]);
  await clock.advance(60_000);
  expect(await answered).toBe(true);
});

test('a sandbox that is closed leaves nothing waiting, whatever is still done with it', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const [open, other] = [await openSubscription(sandbox), await openSubscription(sandbox)];
  await sandbox.pay(open);
  expect(clock.waiting).toBe(2);
  await sandbox.close();
  expect(clock.waiting).toBe(0);
  await sandbox.pay(other);
  expect(clock.waiting).toBe(0);
});

test('nothing happens before its time where a machine puts its clock back', async () => {
  const clock = fakeClock();
  const early = {
    now: () => clock.now(),
    after: (ms: number, callback: () => void) => clock.after(Math.ceil(ms / 2), callback),
  };
  const sandbox = await openSandbox({ clock: early });
  await openPayment(sandbox, { expiresInMinutes: 10 });
  await clock.advance(599_999);
  expect(sandbox.sessions[0]?.status).toBe('created');
  await clock.advance(1);
  expect(sandbox.sessions[0]?.status).toBe('expired');
});

test('what was forgotten has nothing due', async () => {
  const codes: unknown[] = [];
  const note = (facts: Readonly<Record<string, unknown>>) => codes.push(facts['code']);
  const logger = { debug: note, info: note, warn: note, error: note };
  const sandbox = await openSandbox({ clock: fakeClock(), keep: 2, logger });
  for (let count = 0; count < 5; count += 1) await openPayment(sandbox);
  await sandbox.advance(DAY_MS);
  expect(sandbox.sessions.map(({ status }) => status)).toEqual(['expired', 'expired']);
  expect(codes).toEqual(['no_webhook_url', 'no_webhook_url']);
});

test('closing ends a move', async () => {
  const sandbox = await openSandbox({ clock: fakeClock(), keep: 10 });
  await sandbox.pay(await openSubscription(sandbox, { frequency: { value: 5, unit: 'minutes' } }));
  const stop = sandbox.onSession(() => {
    stop();
    void sandbox.close();
  });
  await sandbox.advance(YEAR_MS);
  expect(sandbox.sessions[0]?.subscription?.billCount).toBe(1);
});

/** A shop's year, told as one text. */
async function live(sandbox: Sandbox): Promise<string> {
  const create = 'POST /v2/transaction/session-checkout/new/subscription';
  // A connection that is kept would lead to the sandbox before, which had the same port.
  const { body } = await call(sandbox, create, subscription, { connection: 'close' });
  const uuid = String(body['uuid']);
  await sandbox.pay(uuid);
  await sandbox.requestRefund(uuid, { percent: 50 });
  await sandbox.denyRefund(uuid);
  await sandbox.failBills(uuid);
  await sandbox.advance(YEAR_MS);
  await sandbox.joinMember();
  await sandbox.idle();
  return JSON.stringify([sandbox.events, sandbox.deliveries]);
}

test('the same seed, clock and calls give the same bytes, ids and times', async () => {
  const receiver = await startReceiver();
  onTestFinished(() => receiver.close());
  const texts: string[] = [];
  let port = 0;
  for (const run of [0, 1]) {
    let seed = 7;
    const random = (): number => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const sandbox = await startSandbox({
      clock: fakeClock(),
      deliver: 'both',
      port,
      random,
      webhookUrl: receiver.url,
    });
    // Links are signed: both are to be the same.
    port = Number(new URL(sandbox.url).port);
    texts[run] = await live(sandbox);
    await sandbox.close();
  }
  expect(texts[0]).toContain('billingFailed');
  expect(texts[0] === texts[1]).toBe(true);
});
