import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openPayment, openSandbox, openSubscription } from '../support/world.js';
import { logged, readByTheKit, story } from '../support/log.js';

const DAY_MS = 86_400_000;
const TRIAL = { trialPeriod: { value: 14, unit: 'days' } };

test('a subscription is billed by the calendar, and each bill announced three days before', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  await sandbox.pay(await openSubscription(sandbox));
  await sandbox.advance(60 * DAY_MS);
  expect(story(sandbox)).toEqual([
    '2026-10-01T12:00 subscription.created',
    '2026-10-01T12:00 subscription.billed',
    '2026-10-28T12:00 subscription.upcomingBill',
    '2026-10-31T12:00 subscription.billed',
    '2026-11-27T12:00 subscription.upcomingBill',
    '2026-11-30T12:00 subscription.billed',
  ]);
  const [, , notice, , , bill] = logged(sandbox, 'v2');
  expect(notice?.data).toMatchObject({
    status: 'active',
    billingDate: '2026-10-31T12:00:00.000Z',
    amountUsd: 4.99,
    trialEnding: false,
    balanceSufficient: true,
    allowanceSufficient: true,
  });
  expect(notice?.data).not.toHaveProperty('managementPageLink');
  expect(bill?.data).toMatchObject({
    periodStart: '2026-11-30T12:00:00.000Z',
    periodEnd: '2026-12-30T12:00:00.000Z',
  });
  readByTheKit(sandbox);
});

test('the calendar goes on by the given clock alone, without anyone moving the sandbox', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  await sandbox.pay(await openSubscription(sandbox));
  await clock.advance(30 * DAY_MS);
  expect(sandbox.sessions[0]?.subscription).toMatchObject({ billCount: 2 });
});

test('a trial is billed at its end', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  await sandbox.pay(await openSubscription(sandbox, TRIAL));
  await sandbox.advance(14 * DAY_MS);
  expect(story(sandbox)).toEqual([
    '2026-10-01T12:00 subscription.created',
    '2026-10-12T12:00 subscription.upcomingBill',
    '2026-10-15T12:00 subscription.statusChanged',
    '2026-10-15T12:00 subscription.billed',
  ]);
  expect(logged(sandbox, 'v2')[1]?.data).toMatchObject({ trialEnding: true, status: 'trial' });
  expect(sandbox.sessions[0]?.subscription).toMatchObject({
    status: 'active',
    currentPeriodEnd: Date.parse('2026-11-14T12:00:00Z'),
  });
});

test('a bill that fails is tried again for seven days, then the subscription is cancelled', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.failBills(uuid, { reason: 'insufficientBalance' });
  await sandbox.advance(60 * DAY_MS);
  expect(story(sandbox, 'v2', 2)).toEqual([
    '2026-10-28T12:00 subscription.upcomingBill',
    '2026-10-31T12:00 subscription.statusChanged',
    '2026-10-31T12:00 subscription.billingFailed',
    '2026-11-01T12:00 subscription.billingFailed',
    '2026-11-03T12:00 subscription.billingFailed',
    '2026-11-05T12:00 subscription.billingFailed',
    '2026-11-07T12:00 subscription.billingFailed',
    '2026-11-07T12:00 subscription.statusChanged',
  ]);
  expect(logged(sandbox, 'v2', 2)[0]?.data).toMatchObject({ balanceSufficient: false });
  const failures = logged(sandbox, 'v2').filter(({ type }) => type.endsWith('billingFailed'));
  expect(failures[0]?.data).toMatchObject({
    status: 'pastDue',
    reason: 'insufficientBalance',
    failureCode: 'insufficient_balance',
    billUuid: expect.stringMatching(/^sub-hist@/),
    amountUsd: '4.99',
    attempt: 1,
    remainingAttempts: 4,
    nextAttemptAt: '2026-11-01T12:00:00.000Z',
    nextBillingDate: '2026-11-01T12:00:00.000Z',
    currentPeriodEnd: '2026-10-31T12:00:00.000Z',
  });
  expect(failures[4]?.data).toMatchObject({ attempt: 5, remainingAttempts: 0 });
  expect(failures[4]?.data).not.toHaveProperty('nextAttemptAt');
  expect(new Set(failures.map(({ data }) => data['billUuid'])).size).toBe(1);
  expect(logged(sandbox, 'v2').at(-1)?.data).toMatchObject({
    previousStatus: 'pastDue',
    status: 'cancelled',
    cancellationReason: 'billingFailed',
    cancelledAt: '2026-11-07T12:00:00.000Z',
  });
  expect(story(sandbox, 'v1', 2)).toEqual([
    '2026-10-31T12:00 subscription.status_transition',
    '2026-11-07T12:00 subscription.status_transition',
  ]);
  expect(logged(sandbox, 'v1', 2).map(({ data }) => data['data'])).toMatchObject([
    { previousStatus: 'active', currentStatus: 'past_due' },
    { previousStatus: 'past_due', currentStatus: 'cancelled' },
  ]);
  readByTheKit(sandbox);
});

test('a bill makes a subscription that is past due active again: the same bill, for the period that was not paid', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.failBills(uuid);
  await sandbox.advance(32 * DAY_MS);
  await sandbox.failBills(uuid, { reason: 'none' });
  await sandbox.advance(DAY_MS);
  expect(story(sandbox, 'v2', 6)).toEqual([
    '2026-11-03T12:00 subscription.statusChanged',
    '2026-11-03T12:00 subscription.billed',
  ]);
  const failed = logged(sandbox, 'v2').find(({ type }) => type.endsWith('billingFailed'));
  expect(logged(sandbox, 'v2').at(-1)?.data).toMatchObject({
    uuid: failed?.data['billUuid'],
    periodStart: '2026-10-31T12:00:00.000Z',
    periodEnd: '2026-11-30T12:00:00.000Z',
  });
  expect(sandbox.sessions[0]?.subscription).toMatchObject({ status: 'active', billCount: 2 });
  await sandbox.failBill(uuid);
  const next = logged(sandbox, 'v2').at(-1)?.data;
  expect(next).toMatchObject({ attempt: 1 });
  expect(next?.['billUuid']).not.toBe(failed?.data['billUuid']);
});

test('tries that fail one after another, asked for by hand, end it as well', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  for (const reason of [
    'allowanceExhausted',
    'approvalRevoked',
    'maxAmountExceeded',
    'other',
  ] as const)
    await sandbox.failBill(uuid, { reason });
  expect(sandbox.sessions[0]?.subscription).toMatchObject({ status: 'pastDue' });
  await sandbox.failBill(uuid);
  expect(sandbox.sessions[0]?.subscription).toMatchObject({ cancellationReason: 'billingFailed' });
  await expect(sandbox.failBill(uuid)).rejects.toThrow(
    'the subscription is cancelled: this can be done while it is active or pastDue',
  );
});

test('a trial that ends without a bill is over, can still be billed, and is cancelled after seven days', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const [converted, lost] = [
    await openSubscription(sandbox, TRIAL),
    await openSubscription(sandbox, TRIAL),
  ];
  for (const uuid of [converted, lost]) {
    await sandbox.pay(uuid);
    await sandbox.expireTrial(uuid);
  }
  expect(logged(sandbox, 'v2').at(-1)?.data).toMatchObject({
    status: 'trialExpired',
    previousStatus: 'trial',
    currentPeriodEnd: '2026-10-01T12:00:00.000Z',
  });
  expect(logged(sandbox, 'v1').at(-1)?.data).toMatchObject({
    data: { previousStatus: 'trial', currentStatus: 'trial_expired' },
  });
  await sandbox.advance(6 * DAY_MS);
  await sandbox.bill(converted);
  await sandbox.advance(DAY_MS);
  expect(sandbox.sessions.map(({ subscription }) => subscription)).toMatchObject([
    { status: 'active', billCount: 1, currentPeriodEnd: Date.parse('2026-11-06T12:00:00Z') },
    { status: 'cancelled', cancellationReason: 'trialNotConverted', billCount: 0 },
  ]);
});

test.each([
  ['confirmTrial', 'trialExpired', TRIAL],
  ['topUpAllowance', 'pastDue', {}],
  ['raiseMaximum', 'pastDue', {}],
] as const)(
  'what a customer leaves undone, %s, makes the bill fail: %s',
  async (action, status, terms) => {
    const sandbox = await openSandbox({ clock: fakeClock() });
    const uuid = await openSubscription(sandbox, terms);
    await sandbox.pay(uuid);
    await sandbox.requireAction(uuid, { action });
    expect(logged(sandbox, 'v2').at(-1)).toMatchObject({
      type: 'subscription.actionRequiredChanged',
      data: { actionRequired: action },
    });
    expect(logged(sandbox, 'v2').at(-1)?.data).not.toHaveProperty('previousActionRequired');
    await sandbox.advance(30 * DAY_MS);
    expect(sandbox.sessions[0]?.subscription).toMatchObject({
      status: status === 'trialExpired' ? 'cancelled' : status,
    });
    expect(sandbox.events.map(({ text }) => text).join('')).toContain(`"status":"${status}"`);
  },
);

test('what is required is taken back, by the customer or by a bill, and v1 words it as a status', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.requireAction(uuid);
  await sandbox.requireAction(uuid, { action: 'raiseMaximum' });
  await sandbox.requireAction(uuid, { action: 'none' });
  await sandbox.requireAction(uuid, { action: 'topUpAllowance' });
  await sandbox.bill(uuid);
  expect(logged(sandbox, 'v1', 2).map(({ data }) => data['data'])).toMatchObject([
    { previousStatus: 'active', currentStatus: 'low_on_funds' },
    { previousStatus: 'low_on_funds', currentStatus: 'pending' },
    { previousStatus: 'pending', currentStatus: 'active' },
    { previousStatus: 'active', currentStatus: 'low_on_funds' },
    { previousStatus: 'low_on_funds', currentStatus: 'active' },
    { uuid: expect.stringMatching(/^sub-hist@/) },
  ]);
  expect(logged(sandbox, 'v2').at(-2)).toMatchObject({
    type: 'subscription.actionRequiredChanged',
    data: { previousActionRequired: 'topUpAllowance' },
  });
  await expect(sandbox.requireAction(uuid, { action: 'none' })).rejects.toThrow('nothing already');
  await expect(sandbox.requireAction(uuid, { action: 'confirmTrial' })).rejects.toThrow('trial');
  readByTheKit(sandbox);
});

test('a paused subscription is not billed; resumed after its period, it is billed at once for a new one', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.pause(uuid);
  await sandbox.advance(100 * DAY_MS);
  expect(logged(sandbox, 'v2').at(-1)).toMatchObject({
    type: 'subscription.statusChanged',
    data: { status: 'paused', previousStatus: 'active' },
  });
  expect(logged(sandbox, 'v2').at(-1)?.data).not.toHaveProperty('nextBillingDate');
  await expect(sandbox.bill(uuid)).rejects.toThrow('the subscription is paused');
  await sandbox.resume(uuid);
  await sandbox.advance(0);
  expect(story(sandbox, 'v2', 3)).toEqual([
    '2027-01-09T12:00 subscription.statusChanged',
    '2027-01-09T12:00 subscription.billed',
  ]);
  expect(logged(sandbox, 'v2').at(-1)).toMatchObject({
    type: 'subscription.billed',
    data: { periodStart: '2027-01-09T12:00:00.000Z' },
  });
});

test('a stopped subscription is never billed again, and v1 says so in its own way', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.stop(uuid);
  await sandbox.advance(100 * DAY_MS);
  expect(sandbox.sessions[0]?.subscription).toMatchObject({ status: 'stopped', billCount: 1 });
  const { body } = await call(sandbox, `GET /v1/transaction/subscription/${uuid}`);
  expect(body).toMatchObject({ subscriptionStatus: 'active', stopped: true });
  expect(logged(sandbox, 'v1', 2)).toEqual([]);
});

test.each(['customer', 'merchant', 'merchantClosed', 'inactiveOnChain'] as const)(
  'a cancelled subscription says why: %s',
  async (reason) => {
    const sandbox = await openSandbox({ clock: fakeClock() });
    const uuid = await openSubscription(sandbox);
    await sandbox.pay(uuid);
    await sandbox.cancel(uuid, { reason });
    expect(logged(sandbox, 'v2').at(-1)?.data).toMatchObject({ cancellationReason: reason });
  },
);

test('what v1 bills every few seconds is billed only when it is asked for', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const create = 'POST /v1/transaction/session-checkout/new/subscription';
  const open = async (frequency: object) => {
    const terms = { productName: 'Tea', description: 'Green', price: 1, frequency };
    const { body } = await call(sandbox, create, terms);
    await sandbox.pay(String(body['uuid']));
    return String(body['uuid']);
  };
  const seconds = await open({ value: 299, unit: 'seconds' });
  await open({ value: 5, unit: 'minutes' });
  await sandbox.advance(3_600_000);
  const bills = () => sandbox.sessions.map(({ subscription }) => subscription?.billCount);
  expect(bills()).toEqual([1, 13]);
  const notice = logged(sandbox, 'v2').find(({ type }) => type.endsWith('upcomingBill'));
  expect(notice?.at).toBe('2026-10-01T12:02:30.000Z');
  await sandbox.bill(seconds);
  expect(bills()).toEqual([2, 13]);
});

test('an action says what it takes, and refuses what it does not apply to', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const path = `POST /sandbox/sessions/${uuid}`;
  const wrong = await call(sandbox, `${path}/failBill`, { reason: 'bad luck' });
  expect([wrong.status, wrong.body['error']]).toEqual([
    400,
    'reason must be one of insufficientBalance, allowanceExhausted, approvalRevoked, maxAmountExceeded, other, not "bad luck"',
  ]);
  const unknown = await call(sandbox, `${path}/failBill`, { because: 'other' });
  expect([unknown.status, unknown.body['error']]).toEqual([
    400,
    'there is no field "because": there are reason',
  ]);
  expect((await call(sandbox, `${path}/pause`, { for: 'ever' })).body['error']).toBe(
    'there is no field "for": it takes none',
  );
  const nothing = await call(sandbox, `${path}/explode`);
  expect([nothing.status, nothing.body['error']]).toEqual([
    404,
    expect.stringContaining('there is no action "explode": there are pay, fail,'),
  ]);
  expect((await call(sandbox, `${path}/expireTrial`)).status).toBe(409);
  const payment = await openPayment(sandbox);
  expect((await call(sandbox, `POST /sandbox/sessions/${payment}/pause`)).status).toBe(404);
});

test('an action that is told something else than an object says so', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  const input: object = ['other'];
  await expect(sandbox.failBill(uuid, input)).rejects.toThrow('the input must be an object');
});

test('what a form of a page sends is understood as well as JSON', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const path = `POST /sandbox/sessions/${uuid}/requestRefund`;
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  const { body } = await call(sandbox, path, 'percent=25&by=merchant&reason=', form);
  expect(body).toMatchObject({
    session: { refund: { percent: 25, initiatedBy: 'merchant', reason: '' } },
  });
});
