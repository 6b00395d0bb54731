import { fakeClock } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { call, openSandbox, payment, subscription } from '../support/world.js';

const sessions = '/transaction/session-checkout';
const order = { ...payment, reference: 'order-1', expiresInMinutes: 10 };

async function world() {
  const clock = fakeClock();
  const sandbox = await openSandbox({ clock });
  const ask = async (body: object = order, kind = 'payment') =>
    call(sandbox, `POST /v2${sessions}/new/${kind}`, body);
  const openOne = async () => String((await ask()).body['uuid']);
  return { clock, sandbox, ask, openOne };
}

const taken = {
  status: 409,
  body: { code: 'unique_violation', details: { field: 'reference' } },
};

test('an open session holds its reference, for payments and subscriptions', async () => {
  const { ask } = await world();
  expect((await ask()).status).toBe(201);
  expect(await ask()).toMatchObject(taken);
  expect(await ask({ ...subscription, reference: 'order-1' }, 'subscription')).toMatchObject(taken);
  expect((await ask({ ...order, reference: 'order-2' })).status).toBe(201);
});

test('a failed attempt frees no reference, and a payment keeps it for ever', async () => {
  const { clock, sandbox, ask, openOne } = await world();
  const uuid = await openOne();
  await sandbox.fail(uuid);
  expect(await ask()).toMatchObject(taken);
  await sandbox.pay(uuid);
  await clock.advance(30 * 86_400_000);
  expect(await ask()).toMatchObject(taken);
});

test('a subscription keeps its reference, cancelled or not', async () => {
  const { sandbox, ask } = await world();
  const terms = { ...subscription, reference: 'order-1' };
  const uuid = String((await ask(terms, 'subscription')).body['uuid']);
  await sandbox.pay(uuid);
  await sandbox.cancel(uuid);
  expect(await ask()).toMatchObject(taken);
});

test('a reference is free when its session ran out', async () => {
  const { clock, ask } = await world();
  await ask();
  await clock.advance(10 * 60_000 - 1);
  expect((await ask()).status).toBe(409);
  await clock.advance(1);
  expect((await ask()).status).toBe(201);
});

test('a reference is free when its session was ended by the API', async () => {
  const { sandbox, ask, openOne } = await world();
  await call(sandbox, `POST /v2${sessions}/${await openOne()}/expire`);
  expect((await ask()).status).toBe(201);
  expect((await ask()).status).toBe(409);
});

test('v1 lets two have one reference, and the one that is paid still holds it on v2', async () => {
  const { sandbox, ask } = await world();
  const v1 = async () => {
    const { body } = await call(sandbox, `POST /v1${sessions}/new/payment`, order);
    return String(body['uuid']);
  };
  const [first, second] = [await v1(), await v1()];
  await sandbox.pay(first);
  await sandbox.expire(second);
  expect(await ask()).toMatchObject(taken);
});

test('what is not kept any more holds no reference', async () => {
  const sandbox = await openSandbox({ keep: 1 });
  const ask = async (reference: string) =>
    (await call(sandbox, `POST /v2${sessions}/new/payment`, { ...payment, reference })).status;
  expect([await ask('a'), await ask('b'), await ask('a')]).toEqual([201, 201, 201]);
});
