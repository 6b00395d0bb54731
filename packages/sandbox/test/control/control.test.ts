import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openPayment, openSandbox, openSubscription, openWorld } from '../support/world.js';

test('what a customer does can be driven over HTTP', async () => {
  const sandbox = await openSandbox();
  const uuid = await openPayment(sandbox);
  const path = `/sandbox/sessions/${encodeURIComponent(uuid)}`;
  expect((await call(sandbox, `POST ${path}/fail`)).body).toMatchObject({
    session: { status: 'created', lastAttempt: { status: 'failed' } },
  });
  expect((await call(sandbox, `POST ${path}/abandon`)).body).toMatchObject({
    redirectUrl: expect.stringContaining('/cancel'),
  });
  expect((await call(sandbox, `POST ${path}/pay`)).body).toMatchObject({
    session: { status: 'completed' },
    redirectUrl: expect.stringContaining('/success'),
  });
  expect((await call(sandbox, `POST ${path}/expire`)).status).toBe(409);
  expect((await call(sandbox, 'POST /sandbox/sessions/pay@none/pay')).status).toBe(404);
  expect((await call(sandbox, 'GET /sandbox/sessions')).body['items']).toHaveLength(1);
});

test('the secret can be rotated over HTTP, and deliveries looked at', async () => {
  const { sandbox } = await openWorld();
  const { body } = await call(sandbox, 'POST /sandbox/secret/rotate');
  expect(body['secret']).toBe(sandbox.secret);
  expect(sandbox.secret).toMatch(/^whsec_[0-9a-f]{32}$/);
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  const { body: deliveries } = await call(sandbox, 'GET /sandbox/deliveries');
  expect(deliveries['items']).toMatchObject([{ type: 'payment.completed', state: 'delivered' }]);
});

test('an unpaid session expires by itself, and its event is logged', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  await openPayment(sandbox, { expiresInMinutes: 10 });
  await clock.advance(599_999);
  expect(sandbox.sessions[0]?.status).toBe('created');
  await clock.advance(1);
  expect(sandbox.sessions[0]?.status).toBe('expired');
  expect(sandbox.events.map(({ type }) => type)).toEqual([
    'checkout.expired',
    'transaction.expired',
  ]);
});

test('a payment waits for its confirmation where asked to', async () => {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock, confirmationMs: 3_000 });
  const { session } = await sandbox.pay(await openPayment(sandbox));
  expect(session.status).toBe('waitingConfirmation');
  expect(sandbox.events).toEqual([]);
  await clock.advance(3_000);
  expect(sandbox.sessions[0]?.status).toBe('completed');
});

test('a subscription in its trial has no bill yet', async () => {
  const sandbox = await openSandbox();
  await sandbox.pay(await openSubscription(sandbox, { trialPeriod: { value: 7, unit: 'days' } }));
  const created = sandbox.events.filter(({ version }) => version === 'v2');
  expect(created.map(({ type }) => type)).toEqual(['subscription.created']);
  expect(JSON.parse(created[0]?.text ?? '')).toMatchObject({ data: { status: 'trial' } });
});

test('listeners hear of sessions and deliveries; one that throws harms nobody', async () => {
  const { sandbox } = await openWorld();
  const heard: string[] = [];
  sandbox.onSession(() => {
    throw new Error('no');
  });
  sandbox.onSession(({ status }) => heard.push(status));
  const stop = sandbox.onDelivery(({ state }) => heard.push(state));
  await sandbox.pay(await openPayment(sandbox));
  await sandbox.idle();
  stop();
  await sandbox.redeliver(sandbox.events[0]?.id ?? '');
  expect(heard).toEqual(['created', 'completed', 'waiting', 'delivered']);
});

test('only the newest are kept', async () => {
  const sandbox = await openSandbox({ keep: 2 });
  const [first, , third] = [
    await openPayment(sandbox, { reference: 'a' }),
    await openPayment(sandbox, { reference: 'b' }),
    await openPayment(sandbox, { reference: 'c' }),
  ];
  await expect(sandbox.pay(first)).rejects.toThrow('there is no checkout session');
  expect(sandbox.sessions.at(-1)?.uuid).toBe(third);
  expect(sandbox.sessions).toHaveLength(2);
});
