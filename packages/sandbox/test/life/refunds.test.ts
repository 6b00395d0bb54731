import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { logged, readByTheKit, story } from '../support/log.js';
import { call, openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

test('a customer asks for a refund, and the merchant grants it', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  await sandbox.requestRefund(uuid, { percent: 50, reason: 'too small' });
  await sandbox.advance(3_600_000);
  const { session } = await sandbox.approveRefund(uuid, { message: 'Sorry!' });
  expect(story(sandbox, 'v2', 1)).toEqual([
    '2026-10-01T12:00 refund.requested',
    '2026-10-01T13:00 refund.completed',
  ]);
  const [requested, completed] = logged(sandbox, 'v2', 1);
  expect(requested?.data).toEqual({
    uuid: expect.stringMatching(/^refund@[0-9a-f-]{36}$/),
    txUuid: uuid,
    reason: 'too small',
    status: 'pending',
    createdAt: '2026-10-01T12:00:00.000Z',
    merchantMessage: '',
    respondedAt: null,
    test: true,
    txHash: '',
    initiatedBy: 'customer',
    held: false,
    paidMinUnits: '4990000',
    paidUsd: 4.99,
    refundPercent: 50,
    amountMinUnits: '2495000',
    amountUsd: 2.495,
    currencyId: 1,
    metadata: null,
  });
  expect(completed?.data).toMatchObject({
    uuid: requested?.data['uuid'],
    status: 'approved',
    merchantMessage: 'Sorry!',
    respondedAt: '2026-10-01T13:00:00.000Z',
    txHash: session.refund?.txHash,
    metadata: {
      networkFees: { unitsConsumed: 21_000 },
      blockData: {},
      mainCurrencyPriceUsd: 2500.5,
    },
  });
  expect(completed?.data).toHaveProperty('explorerUrl');
  readByTheKit(sandbox);
});

test('a refund that was denied can be asked for again, one that stands cannot', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  await sandbox.requestRefund(uuid);
  await expect(sandbox.requestRefund(uuid)).rejects.toThrow('there is a refund already, refund@');
  await sandbox.denyRefund(uuid, { message: 'worn' });
  expect(logged(sandbox, 'v2').at(-1)).toMatchObject({
    type: 'refund.denied',
    data: { status: 'rejected', merchantMessage: 'worn', txHash: '', metadata: null },
  });
  await expect(sandbox.denyRefund(uuid)).rejects.toThrow('no refund is pending');
  await sandbox.refund(uuid);
  await expect(sandbox.refund(uuid)).rejects.toThrow('it is approved');
  await expect(sandbox.approveRefund(uuid)).rejects.toThrow('no refund is pending');
});

test("the merchant's own refund is asked for and given at once, over HTTP too", async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const { body } = await call(sandbox, `POST /sandbox/sessions/${uuid}/refund`, { percent: 10 });
  expect(body).toMatchObject({ session: { refund: { status: 'approved', percent: 10 } } });
  expect(logged(sandbox, 'v2', 1)).toMatchObject([
    { type: 'refund.requested', data: { initiatedBy: 'merchant', refundPercent: 10 } },
    { type: 'refund.completed', data: { initiatedBy: 'merchant', amountMinUnits: '499000' } },
  ]);
});

test('of a subscription the last bill is given back, and the next one can be, too', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.refund(uuid);
  const { session } = await sandbox.bill(uuid);
  await sandbox.refund(uuid);
  expect(logged(sandbox, 'v2').at(-1)?.data).toMatchObject({
    txUuid: session.subscription?.lastBill?.uuid,
  });
});

test.each([0, -5, 100.1, Number.NaN, 'all'])('a refund of %s %% is refused', async (percent) => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const { status, body } = await call(sandbox, `POST /sandbox/sessions/${uuid}/refund`, {
    percent: Number.isNaN(percent) ? 'NaN' : percent,
  });
  expect([status, body['error']]).toEqual([
    400,
    expect.stringContaining('percent must be a number from 0.01 to 100'),
  ]);
});

test('what is not paid cannot be refunded', async () => {
  const sandbox = await openSandbox();
  const open = await openPayment(sandbox);
  const trial = await openSubscription(sandbox, { trialPeriod: { value: 7, unit: 'days' } });
  await sandbox.pay(trial);
  for (const uuid of [open, trial])
    await expect(sandbox.refund(uuid)).rejects.toThrow('nothing is paid yet');
  await expect(sandbox.refund('pay@none')).rejects.toThrow('there is no checkout session');
});

test('held funds are paid out once, to the newest member, with the ledger they settle', async () => {
  const sandbox = await openSandbox({ clock: fakeClock() });
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const member = await sandbox.joinMember();
  await sandbox.refund(uuid, { percent: 20, reason: 'scratched' });
  await sandbox.releaseFunds(uuid);
  const released = logged(sandbox, 'v2').at(-1);
  expect(released).toMatchObject({
    type: 'heldFunds.released',
    data: {
      uuid: expect.stringMatching(/^transfer@/),
      userUuid: member.userUuid,
      type: 'releaseHeldFunds',
      amount: 3.932,
      amountMinUnits: '3932000',
      ledgers: [
        {
          txUuid: uuid,
          type: 'payment',
          description: 'Blue T-shirt',
          amount: 4.99,
          owedUsd: 3.932,
          owedMinUnits: '3932000',
        },
        { type: 'refund', refundedTxUuid: uuid, amount: -0.998, owedUsd: 0, owedMinUnits: '0' },
      ],
    },
  });
  await expect(sandbox.releaseFunds(uuid)).rejects.toThrow('nothing is held of it');
  readByTheKit(sandbox);
});

test('of what was refunded in full, is unpaid or is a subscription nothing is held', async () => {
  const sandbox = await openSandbox();
  const [open, refunded] = [await openPayment(sandbox), await openPayment(sandbox)];
  const monthly = await openSubscription(sandbox);
  await sandbox.pay(refunded);
  await sandbox.pay(monthly);
  await sandbox.refund(refunded);
  for (const uuid of [open, refunded, monthly])
    await expect(sandbox.releaseFunds(uuid)).rejects.toThrow('nothing is held of it');
});

test('members join and are removed, once', async () => {
  const { sandbox, receiver } = await openWorld({ clock: fakeClock() });
  const { body: member } = await call(sandbox, 'POST /sandbox/members', {
    name: 'Ada',
    lastName: 'Lovelace',
    email: 'ada@shop.example',
    organizationFeePercent: 2.5,
  });
  const userUuid = String(member['userUuid']);
  expect(sandbox.members.map(({ name }) => name)).toEqual(['Sandy', 'Ada']);
  expect(logged(sandbox, 'v2').at(-1)).toEqual({
    type: 'member.joined',
    at: '2026-10-01T12:00:00.000Z',
    data: {
      userUuid,
      name: 'Ada',
      lastName: 'Lovelace',
      email: 'ada@shop.example',
      test: true,
      organizationFeePercent: 2.5,
      trustedAt: null,
      joinedAt: '2026-10-01T12:00:00.000Z',
      acceptedCurrencyIds: [1, 3],
      spaceUuid: member['spaceUuid'],
      invitationUuid: member['invitationUuid'],
    },
  });
  await sandbox.removeMember(userUuid);
  expect(sandbox.members.map(({ name }) => name)).toEqual(['Sandy']);
  expect(logged(sandbox, 'v2').at(-1)?.type).toBe('member.removed');
  expect(logged(sandbox, 'v2').at(-1)?.data).not.toHaveProperty('invitationUuid');
  const again = await call(sandbox, `POST /sandbox/members/${userUuid}/remove`);
  expect([again.status, again.body['error']]).toEqual([409, 'the member was removed already']);
  await expect(sandbox.removeMember('nobody')).rejects.toThrow('there is no member "nobody"');
  await sandbox.idle();
  expect(receiver.received).toHaveLength(2);
  expect((await call(sandbox, 'GET /sandbox/members')).body['items']).toHaveLength(2);
  readByTheKit(sandbox);
});

test.each([
  [{ name: '' }, 'name must be a text of 1 to 100 characters'],
  [{ email: 'nobody' }, 'email must be'],
  [{ lastName: 'a\nb' }, 'lastName must be'],
  [{ organizationFeePercent: 101 }, 'organizationFeePercent must be a number from 0 to 100'],
  [{ role: 'owner' }, 'there is no field "role": there are name, lastName,'],
])('a member that cannot be is refused: %o', async (profile, reason) => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, 'POST /sandbox/members', profile);
  expect([status, body['error']]).toEqual([400, expect.stringContaining(reason)]);
  expect(sandbox.members).toHaveLength(1);
});

test("the dashboard's test of the endpoint comes in both generations, and v1's is known by its id", async () => {
  const { sandbox, receiver } = await openWorld({ deliver: 'both' });
  expect((await call(sandbox, 'POST /sandbox/test-webhook')).status).toBe(204);
  await sandbox.idle();
  const heads = receiver.received.map(({ headers }) => headers);
  expect(heads.find((head) => 'x-webhook-id' in head)?.['x-webhook-id']).toBe('test-webhook-id');
  expect(logged(sandbox, 'v2')).toMatchObject([
    {
      type: 'webhook.test',
      data: { endpointUuid: expect.any(String), message: expect.any(String) },
    },
  ]);
  expect(sandbox.sessions).toEqual([]);
  readByTheKit(sandbox);
});
