import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import {
  call,
  openPayment,
  openSandbox,
  openSubscription,
  payment,
  subscription,
} from '../support/world.js';

const DAY = 86_400_000;
const sessions = '/transaction/session-checkout';

test('v2 forgets an expired session a week later, v1 does not', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const uuid = await openPayment(sandbox, { expiresInMinutes: 10 });
  const open = async () => (await call(sandbox, `GET /v2${sessions}/${uuid}/status`)).status;
  await clock.advance(600_000);
  await clock.advance(7 * DAY - 1);
  expect(await open()).toBe(200);
  await clock.advance(1);
  expect(await open()).toBe(404);
  const expire = await call(sandbox, `POST /v2${sessions}/${uuid}/expire`);
  expect(expire.status).toBe(404);
  const v1 = `GET /v1/transaction/status?txUUID=${uuid}&txType=payment`;
  expect((await call(sandbox, v1)).body['status']).toBe('expired');
});

test('a completed payment is never forgotten', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  await clock.advance(60 * DAY);
  for (const path of [`${sessions}/${uuid}/status`, `/transaction/payment/${uuid}`])
    expect((await call(sandbox, `GET /v2${path}`)).status).toBe(200);
});

test('a cancelled subscription is still returned, by both generations', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  await sandbox.pay(uuid);
  await sandbox.cancel(uuid);
  const path = `/transaction/subscription/${uuid}`;
  expect((await call(sandbox, `GET /v2${path}`)).body).toMatchObject({ status: 'cancelled' });
  expect((await call(sandbox, `GET /v1${path}`)).body).toMatchObject({
    subscriptionStatus: 'cancelled',
  });
});

test('an id is found as it is, percent-encoded, and bare as in old links', async () => {
  const sandbox = await openSandbox();
  const paid = await openPayment(sandbox);
  const subscribed = await openSubscription(sandbox);
  await sandbox.pay(paid);
  await sandbox.pay(subscribed);
  const spelled = (uuid: string) => [uuid, encodeURIComponent(uuid), uuid.slice('pay@'.length)];
  const paths = [
    ...spelled(paid).flatMap((id) => [
      `/v2${sessions}/${id}/status`,
      `/v2/transaction/payment/${id}`,
      `/v1/transaction/payment/${id}`,
      `/v1${sessions}/${id}`,
      `/v1/transaction/status?txUUID=${id}&txType=payment`,
    ]),
    ...spelled(subscribed).flatMap((id) => [
      `/v2/transaction/subscription/${id}`,
      `/v1/transaction/subscription/${id}`,
      `/v1/transaction/status?transactionUUID=${id}&transactionStatusType=createSubscription`,
    ]),
  ];
  for (const path of paths)
    expect([path, (await call(sandbox, `GET ${path}`)).status]).toEqual([path, 200]);
});

test.each([
  ['', 400],
  ['txUUID=$', 400],
  ['txType=payment', 400],
  ['txUUID=&txType=payment', 400],
  ['txUUID=$&txType=', 400],
  ['txUUID=$&txType=purchase', 400],
  ['txUUID=$&txType=subscription', 400],
  ['txUUID=$&txType=createSubscription', 404],
  ['txUUID=$&txType=refund', 404],
  ['txUUID=$&txType=releaseHeldFunds', 404],
  ['txUUID=pay@0&txType=payment', 404],
  ['txUUID=$&txType=payment', 200],
])('v1: the status of ?%s is answered with %i', async (query, status) => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  const answer = await call(sandbox, `GET /v1/transaction/status?${query.replace('$', uuid)}`);
  expect(answer.status).toBe(status);
});

test('v1: SDK 1.x asks for its subscription under its names', async () => {
  const sandbox = await openSandbox();
  const { frequency } = subscription;
  const { body } = await call(sandbox, `POST /v1${sessions}/`, {
    ...payment,
    options: { subscriptionType: 'subscription', frequency, freeCredits: 0 },
  });
  const uuid = String(body['uuid']);
  await sandbox.pay(uuid);
  const query = `transactionUUID=${uuid}&transactionStatusType=createSubscription`;
  expect((await call(sandbox, `GET /v1/transaction/status?${query}`)).body).toMatchObject({
    status: 'completed',
    type: 'createSubscription',
  });
});

test('v1: whoever wants time left is told when a session is over soon', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const uuid = await openPayment(sandbox, { expiresInMinutes: 10 });
  const ask = async (wants: string) =>
    (await call(sandbox, `GET /v1${sessions}/${uuid}?closeToExpireError=${wants}`)).status;
  await clock.advance(5 * 60_000);
  expect([await ask('true'), await ask('false')]).toEqual([200, 200]);
  await clock.advance(1);
  expect([await ask('true'), await ask('false'), await ask('')]).toEqual([410, 200, 200]);
  await sandbox.expire(uuid);
  expect([await ask('true'), await ask('false')]).toEqual([410, 200]);
});

test('v1: a paid session is never too late', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const uuid = await openPayment(sandbox, { expiresInMinutes: 10 });
  await sandbox.pay(uuid);
  await clock.advance(10 * 60_000);
  const asked = await call(sandbox, `GET /v1${sessions}/${uuid}?closeToExpireError=true`);
  expect(asked.status).toBe(200);
});
