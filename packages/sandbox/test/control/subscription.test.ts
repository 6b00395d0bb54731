import { parseEvent } from '@qbitflow/core';
import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { call, openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

const TRIAL = { trialPeriod: { value: 7, unit: 'days' } };

/** The log's events, as the kit reads them. */
function read(sandbox: Sandbox, version: 'v1' | 'v2') {
  return sandbox.events
    .filter((event) => event.version === version)
    .map(({ text }) => {
      const result = parseEvent({ version, body: text });
      if (!result.ok) throw new Error(result.problem);
      return result.event;
    });
}

test('a trial ends with its first bill: both generations tell of both', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox, { ...TRIAL, reference: 'order-1' });
  await sandbox.pay(uuid);
  const { session } = await sandbox.bill(uuid);
  expect(session.subscription).toMatchObject({ status: 'active', billCount: 1 });
  for (const version of ['v2', 'v1'] as const)
    expect(read(sandbox, version)).toMatchObject([
      { type: 'subscription.created' },
      {
        type: 'subscription.statusChanged',
        data: { uuid, reference: 'order-1', previousStatus: 'trial', status: 'active' },
      },
      {
        type: 'subscription.billed',
        data: { subscriptionUuid: uuid, subscriptionReference: 'order-1', amount: 4.99 },
      },
    ]);
});

test('every bill is another one, for the period after the last', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const { body } = await call(sandbox, `POST /sandbox/sessions/${uuid}/bill`);
  expect(body).toMatchObject({ session: { subscription: { billCount: 2 } } });
  const bills = read(sandbox, 'v2').filter(({ type }) => type === 'subscription.billed');
  expect(bills).toMatchObject([
    { data: { periodStart: '2026-10-01T12:00:00.000Z', periodEnd: '2026-10-31T12:00:00.000Z' } },
    { data: { periodStart: '2026-10-31T12:00:00.000Z', periodEnd: '2026-11-30T12:00:00.000Z' } },
  ]);
  const v1 = read(sandbox, 'v1').filter(({ type }) => type === 'subscription.billed');
  expect(new Set(bills.map(({ key }) => key)).size).toBe(2);
  expect(v1.map(({ key }) => key)).toEqual(bills.map(({ key }) => key));
});

test('a cancelled subscription keeps its period, and is neither billed nor cancelled again', async () => {
  const { sandbox, receiver } = await openWorld({ clock: fakeClock(), deliver: 'both' });
  const uuid = await openSubscription(sandbox, { minPeriods: 3 });
  await sandbox.pay(uuid);
  const path = `POST /sandbox/sessions/${uuid}`;
  expect((await call(sandbox, `${path}/cancel`)).status).toBe(200);
  expect((await call(sandbox, `${path}/cancel`)).status).toBe(409);
  expect((await call(sandbox, `${path}/bill`)).status).toBe(409);
  const shown = await call(sandbox, `GET /v2/transaction/subscription/${uuid}`);
  expect(shown.body).toMatchObject({
    status: 'cancelled',
    currentPeriodEnd: '2026-10-31T12:00:00.000Z',
    cancelledAt: '2026-10-01T12:00:00.000Z',
    cancellationReason: expect.any(String),
    minimumCancellationDate: '2026-12-30T12:00:00.000Z',
  });
  expect(shown.body).not.toHaveProperty('nextBillingDate');
  for (const version of ['v2', 'v1'] as const)
    expect(read(sandbox, version).at(-1)).toMatchObject({
      type: 'subscription.statusChanged',
      data: { previousStatus: 'active', status: 'cancelled' },
    });
  await sandbox.idle();
  expect(receiver.received).toHaveLength(6);
});

test('what is no running subscription cannot be billed', async () => {
  const sandbox = await openSandbox();
  const payment = await openPayment(sandbox);
  await sandbox.pay(payment);
  await expect(sandbox.bill(payment)).rejects.toThrow('there is no subscription');
  await expect(sandbox.cancel(await openSubscription(sandbox))).rejects.toThrow(
    'there is no subscription',
  );
});

test('without a trial it is billed at once', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox, { trialPeriod: null });
  const { session } = await sandbox.pay(uuid);
  expect(session.subscription).toMatchObject({ status: 'active', billCount: 1 });
});
