import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openPayment, openSandbox } from '../support/world.js';

test('every step of a confirmation is seen over both generations, with the hash from the start', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock, confirmationMs: 3_000 });
  const uuid = await openPayment(sandbox);
  const seen = async () => {
    const v1 = await call(sandbox, `GET /v1/transaction/status?txUUID=${uuid}&txType=payment`);
    const v2 = await call(sandbox, `GET /v2/transaction/session-checkout/${uuid}/status`);
    return [v1.body['status'], v1.body['txHash'], v2.body['status'], v2.body['txHash']];
  };
  expect(await seen()).toEqual([404, undefined, 'created', undefined]);
  await sandbox.pay(uuid);
  const txHash = sandbox.sessions[0]?.txHash;
  expect(txHash).toMatch(/^0x/);
  expect(await seen()).toEqual(['waitingConfirmation', txHash, 'waitingConfirmation', txHash]);
  await clock.advance(1_500);
  expect(await seen()).toEqual(['pending', txHash, 'waitingConfirmation', txHash]);
  expect(sandbox.events).toEqual([]);
  await clock.advance(1_500);
  expect(await seen()).toEqual(['completed', txHash, 'completed', txHash]);
  expect(sandbox.events.map(({ type }) => type)).toEqual([
    'payment.completed',
    'transaction.completed',
  ]);
});

test('a payment under way can neither fail nor expire', async () => {
  const sandbox = await openSandbox({ clock: fakeClock(), confirmationMs: 3_000 });
  const uuid = await openPayment(sandbox);
  await sandbox.pay(uuid);
  await expect(sandbox.fail(uuid)).rejects.toThrow('has been sent already');
  await expect(sandbox.expire(uuid)).rejects.toThrow('has been sent already');
  expect((await sandbox.pay(uuid)).session.status).toBe('waitingConfirmation');
});
