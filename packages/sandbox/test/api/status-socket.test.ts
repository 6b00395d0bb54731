import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { followed, openLive } from '../support/live-client.js';
import { call, openPayment, openSandbox, openSubscription, payment } from '../support/world.js';

const txHash = expect.stringMatching(/^0x[0-9a-f]{64}$/);

test('tells 404, a failed attempt, every step of the confirmation, and closes with 1000', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock, confirmationMs: 3_000 });
  const uuid = await openPayment(sandbox);
  const client = openLive(sandbox, followed(uuid));
  await expect.poll(client.heard).toHaveLength(1);
  await sandbox.fail(uuid);
  await sandbox.pay(uuid);
  await clock.advance(1_500);
  await clock.advance(1_500);
  expect(await client.closed).toBe(1000);
  expect(client.heard()).toEqual([
    { error: expect.stringContaining('nothing'), status: 404, message: expect.any(String) },
    {
      transactionUUID: uuid,
      status: { status: 'failed', txHash, message: expect.stringContaining('wallet') },
    },
    { transactionUUID: uuid, status: { status: 'waitingConfirmation', txHash } },
    { transactionUUID: uuid, status: { status: 'pending', txHash } },
    { transactionUUID: uuid, status: { status: 'completed', txHash } },
  ]);
});

test('an expired session is final too', async () => {
  const sandbox = await openSandbox();
  const uuid = await openSubscription(sandbox);
  const client = openLive(sandbox, followed(uuid, 'createSubscription'));
  await expect.poll(client.heard).toHaveLength(1);
  await sandbox.expire(uuid);
  expect(await client.closed).toBe(1000);
  expect(client.heard().at(-1)).toEqual({ transactionUUID: uuid, status: { status: 'expired' } });
});

test('what is over is told at once, and the old names are understood', async () => {
  const sandbox = await openSandbox();
  const create = 'POST /v1/transaction/session-checkout/';
  const uuid = String((await call(sandbox, create, payment)).body['uuid']);
  await sandbox.pay(uuid);
  const client = openLive(sandbox, `transactionUUID=${uuid}&transactionStatusType=payment`);
  expect(await client.closed).toBe(1000);
  expect(client.heard()).toEqual([
    { transactionUUID: uuid, status: { status: 'completed', txHash, type: 'payment' } },
  ]);
});

test('a bare UUID is followed under the name it was asked for', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const bare = uuid.slice('pay@'.length);
  const client = openLive(sandbox, followed(bare));
  await expect.poll(client.heard).toHaveLength(1);
  await sandbox.pay(uuid);
  await client.closed;
  expect(client.heard().at(-1)).toMatchObject({ transactionUUID: bare });
});

test('of a transaction of another type nothing is heard but that there is none', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const client = openLive(sandbox, followed(uuid, 'createSubscription'));
  await expect.poll(client.heard).toHaveLength(1);
  await sandbox.pay(uuid);
  sandbox.endWebSockets(1001);
  expect(await client.closed).toBe(1001);
  expect(client.heard()).toMatchObject([{ status: 404 }]);
});

test('hears nothing of other sessions, nor twice of the same', async () => {
  const sandbox = await openSandbox();
  const client = openLive(sandbox, followed(await openPayment(sandbox)));
  await expect.poll(client.heard).toHaveLength(1);
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.abandon(sandbox.sessions[0]?.uuid ?? '');
  await sandbox.pay(sandbox.sessions[0]?.uuid ?? '');
  await client.closed;
  expect(client.messages).toHaveLength(2);
});

test.each([
  [401, followed('pay@1'), { apiKey: '' }],
  [401, followed('pay@1'), { apiKey: 'sk_wrong' }],
  [400, 'txUUID=pay@1', {}],
  [400, '', {}],
  [400, followed('pay@1', 'purchase'), {}],
  [404, followed('pay@1'), { path: '/v2/transaction/status/ws' }],
  [404, followed('pay@1'), { path: '/' }],
])('refuses the upgrade with %i: %s %j', async (status, query, options) => {
  const sandbox = await openSandbox();
  expect(await openLive(sandbox, query, options).refused).toBe(status);
  expect(sandbox.openWebSockets).toBe(0);
});

test('counts what is open, and lets go of clients that leave', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const clients = [1, 2, 3].map(() => openLive(sandbox, followed(uuid)));
  await expect.poll(() => sandbox.openWebSockets).toBe(3);
  expect(sandbox.countRequests('/transaction/status/ws')).toBe(3);
  clients[0]?.socket.terminate();
  await expect.poll(() => sandbox.openWebSockets).toBe(2);
  sandbox.endWebSockets();
  expect(await clients[1]?.closed).toBe(1006);
  await expect.poll(() => sandbox.openWebSockets).toBe(0);
});

test('closing the sandbox ends every WebSocket', async () => {
  const sandbox = await openSandbox();
  const client = openLive(sandbox, followed(await openPayment(sandbox)));
  await expect.poll(client.heard).toHaveLength(1);
  await sandbox.close();
  expect(await client.closed).toBe(1006);
});
