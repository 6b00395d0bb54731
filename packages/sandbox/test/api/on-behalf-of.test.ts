import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { call, openSandbox, openWorld, payment, subscription } from '../support/world.js';

// The member that every sandbox has.
const userUuid = '00000000-0000-4000-8000-0000000000b0';
const userId = '2';
const member = { 'on-behalf-of': userUuid };
const sessions = '/transaction/session-checkout';
const create = `POST /v2${sessions}/new/payment`;

async function idOf(sandbox: Sandbox, request: string, body: object, headers = {}) {
  return String((await call(sandbox, request, body, headers)).body['uuid']);
}

test('a key tells its role, its space and that it is in test mode', async () => {
  const sandbox = await openSandbox();
  const own = { uuid: expect.any(String), name: 'Sandbox Shop', test: true };
  expect((await call(sandbox, 'GET /v2/me')).body).toEqual({ role: 'owner', space: own });
  const acting = await call(sandbox, 'GET /v2/me', undefined, member);
  expect(acting.body).toEqual({
    role: 'member',
    space: { uuid: sandbox.members[0]?.spaceUuid, name: 'Sandy Member', test: true },
  });
});

test.each([
  ['v2', 'GET /v2/me', '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f'],
  ['v2', create, '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f'],
  ['v2', 'GET /v2/webhooks/events', userId],
  ['v2', 'POST /v2/webhooks/verify', userId],
  ['v1', 'POST /v1/webhooks/verify', userUuid],
  ['v2', 'GET /v2/nothing-else', 'nobody'],
  ['v1', `POST /v1${sessions}/new/payment`, userUuid],
  ['v1', `POST /v1${sessions}/new/payment`, '3'],
])('%s: %s for a stranger is not found', async (_generation, what, stranger) => {
  const sandbox = await openSandbox();
  const body = what.startsWith('POST') ? payment : undefined;
  const answer = await call(sandbox, what, body, { 'on-behalf-of': stranger });
  expect(answer.status).toBe(404);
  expect(sandbox.sessions).toEqual([]);
});

test("what is opened for a member is the member's, in every body that says whose it is", async () => {
  const { sandbox, receiver } = await openWorld();
  const paid = await idOf(sandbox, create, payment, member);
  const path = `POST /v2${sessions}/new/subscription`;
  const subscribed = await idOf(sandbox, path, subscription, member);
  await sandbox.pay(paid);
  await sandbox.pay(subscribed);
  await sandbox.idle();
  const bodies = [
    (await call(sandbox, `GET /v2/transaction/payment/${paid}`)).body,
    (await call(sandbox, `GET /v2/transaction/subscription/${subscribed}`)).body,
    ...receiver.received.flatMap(({ body }) => [JSON.parse(body), JSON.parse(body).data]),
  ];
  expect(bodies.map((body) => body.userUuid)).toEqual(bodies.map(() => userUuid));
  expect(bodies).toHaveLength(8);
});

test("a member's space has the member's transactions only", async () => {
  const sandbox = await openSandbox();
  const mine = await idOf(sandbox, create, payment);
  const theirs = await idOf(sandbox, create, payment, member);
  const status = async (uuid: string, headers = {}) =>
    (await call(sandbox, `GET /v2${sessions}/${uuid}/status`, undefined, headers)).status;
  expect([await status(theirs, member), await status(mine, member)]).toEqual([200, 404]);
  expect([await status(theirs), await status(mine)]).toEqual([200, 200]);
  const expire = `POST /v2${sessions}/${mine}/expire`;
  expect((await call(sandbox, expire, undefined, member)).status).toBe(404);
  await sandbox.pay(mine);
  for (const generation of ['v1', 'v2'] as const)
    expect(
      await call(sandbox, `GET /${generation}/transaction/payment/${mine}`, undefined, {
        'on-behalf-of': generation === 'v1' ? userId : userUuid,
      }),
    ).toMatchObject({ status: 404 });
});

test('references and idempotency keys are those of a space', async () => {
  const sandbox = await openSandbox();
  const order = { ...payment, reference: 'order-1' };
  const key = { 'idempotency-key': 'a-key' };
  const mine = await call(sandbox, create, order, key);
  const theirs = await call(sandbox, create, order, { ...key, ...member });
  expect([mine.status, theirs.status]).toEqual([201, 201]);
  expect(theirs.body['uuid']).not.toBe(mine.body['uuid']);
  expect((await call(sandbox, create, order, member)).status).toBe(409);
});

test("the log has members' events where they are asked for", async () => {
  const sandbox = await openSandbox();
  await sandbox.pay(await idOf(sandbox, create, payment));
  const theirs = await idOf(sandbox, create, payment, member);
  await sandbox.pay(theirs);
  const count = async (query: string, headers = {}) => {
    const { body } = await call(sandbox, `GET /v2/webhooks/events${query}`, undefined, headers);
    return Object(body['items']).length;
  };
  expect(await count('')).toBe(1);
  expect(await count('?includeMembers=false')).toBe(1);
  expect(await count('?includeMembers=true')).toBe(2);
  expect(await count('?includeMembers=true', member)).toBe(1);
  const [mine] = sandbox.events;
  const event = `GET /v2/webhooks/events/${mine?.id ?? ''}`;
  expect((await call(sandbox, event)).status).toBe(200);
  expect((await call(sandbox, event, undefined, member)).status).toBe(404);
});

test('v1 names the member by number', async () => {
  const sandbox = await openSandbox();
  const path = `POST /v1${sessions}/new/payment`;
  const uuid = await idOf(sandbox, path, payment, { 'on-behalf-of': userId });
  await sandbox.pay(uuid);
  const { body } = await call(sandbox, `GET /v2/transaction/payment/${uuid}`, undefined, member);
  expect(body).toMatchObject({ uuid, userUuid });
});

test('whoever joins can be acted for, until removed', async () => {
  const sandbox = await openSandbox();
  const joined = await sandbox.joinMember({ name: 'Mia', lastName: 'Moss' });
  const me = async () =>
    call(sandbox, 'GET /v2/me', undefined, { 'on-behalf-of': joined.userUuid.toUpperCase() });
  expect((await me()).body['space']).toEqual({
    uuid: joined.spaceUuid,
    name: 'Mia Moss',
    test: true,
  });
  const acting = { 'on-behalf-of': String(joined.userId) };
  expect(joined.userId).toBe(3);
  const path = `POST /v1${sessions}/new/payment`;
  const uuid = await idOf(sandbox, path, payment, acting);
  expect(sandbox.sessions.find((session) => session.uuid === uuid)?.terms.userUuid).toBe(
    joined.userUuid,
  );
  await sandbox.removeMember(joined.userUuid);
  expect((await me()).status).toBe(404);
  expect((await call(sandbox, path, payment, acting)).status).toBe(404);
});
