import { parseEvent } from '@qbitflow/core';
import { expect, test } from 'vitest';
import type { Sandbox } from '../../src/index.js';
import { triggerTypes } from '../../src/trigger/trigger-types.js';
import { call, openSandbox, openWorld, unjudged } from '../support/world.js';

const textOf = (sandbox: Sandbox, place = 0): Record<string, unknown> =>
  Object(JSON.parse(sandbox.events.at(place)?.text ?? 'null'));

test.each(triggerTypes.map(({ version, name }) => [version, name] as const))(
  '%s %s is sent in one step, and the kit takes it',
  async (version, name) => {
    const { sandbox, receiver } = await openWorld();
    const delivery = await sandbox.trigger(name, { version });
    expect(delivery).toMatchObject({ state: 'delivered', version });
    const [received] = receiver.received;
    const signature = { v1: 'x-webhook-signature-256', v2: 'qbitflow-signature' }[version];
    expect(received?.headers).toHaveProperty(signature);
    const result = parseEvent({ version, body: received?.body ?? '' });
    expect(result).toMatchObject(name === 'webhook.test' ? {} : { ok: true });
  },
);

const SAME = 'evt_3f1c2d4e-5a6b-4c7d-8e9f-0a1b2c3d4e5f';

const v2Names = triggerTypes.filter(({ version }) => version === 'v2').map(({ name }) => name);

test('all fifteen event types of v2 can be triggered', () => {
  const fifteen =
    'payment.completed subscription.created subscription.billed subscription.statusChanged ' +
    'subscription.actionRequiredChanged subscription.billingFailed subscription.upcomingBill ' +
    'refund.requested refund.completed refund.denied member.joined member.removed ' +
    'heldFunds.released checkout.expired webhook.test';
  expect(v2Names.toSorted()).toEqual(fifteen.split(' ').toSorted());
});

test('what was triggered lives on like what really happened', async () => {
  const { sandbox } = await openWorld();
  await sandbox.trigger('subscription.billingFailed');
  await sandbox.advance(2 * 86_400_000);
  expect(sandbox.sessions[0]?.subscription).toMatchObject({ status: 'active', billCount: 2 });
  const types = sandbox.events.filter(({ version }) => version === 'v2').map(({ type }) => type);
  expect(types).toEqual([
    'subscription.billingFailed',
    'subscription.statusChanged',
    'subscription.billed',
  ]);
});

test('every v2 event type says what it is', async () => {
  const { sandbox, receiver } = await openWorld();
  for (const name of v2Names) await sandbox.trigger(name);
  const said = receiver.received.map(({ body }) => Object(JSON.parse(body)).type as unknown);
  expect(said).toEqual(v2Names);
});

test.each([
  'created',
  'waitingConfirmation',
  'pending',
  'completed',
  'failed',
  'cancelled',
  'expired',
])("v1's transaction stands at %s", async (status) => {
  const { sandbox, receiver } = await openWorld();
  await sandbox.trigger(`transaction.${status}`);
  expect(JSON.parse(receiver.received[0]?.body ?? '')).toMatchObject({
    txType: 'payment',
    status: { status },
  });
});

test('its session can be asked for afterwards, as the event says it stands', async () => {
  const { sandbox } = await openWorld();
  await sandbox.trigger('payment.completed');
  const uuid = String(Object(textOf(sandbox)['data'])['uuid']);
  const { status, body } = await call(
    sandbox,
    `GET /v2/transaction/payment/${encodeURIComponent(uuid)}`,
  );
  expect([status, body['uuid']]).toEqual([200, uuid]);
});

test.each([
  ['payment.completed', 'transaction.completed'],
  ['subscription.created', 'transaction.subscribed'],
  ['subscription.billed', 'subscription.billing'],
  ['subscription.statusChanged', 'subscription.status_transition'],
  ['checkout.expired', 'transaction.expired'],
  ['webhook.test', 'webhook.test'],
])("v1 has its own words for v2's %s", async (name, inV1) => {
  const { sandbox } = await openWorld();
  expect(await sandbox.trigger(name, { version: 'v1' })).toMatchObject({
    version: 'v1',
    type: inV1,
  });
});

test("v1's connectivity test carries the dashboard's id", async () => {
  const { sandbox, receiver } = await openWorld();
  await sandbox.trigger('webhook.test', { version: 'v1' });
  expect(receiver.received[0]?.headers['x-webhook-id']).toBe('test-webhook-id');
});

test('fields are set by dotted path, and what was not there is added', async () => {
  const { sandbox } = await openWorld({}, undefined, unjudged);
  await sandbox.trigger('payment.completed', {
    set: {
      'data.reference': 'order-1',
      'data.metadata.feePercent': 2,
      'data.new.field': null,
      'data.fees.0': { label: 'Gift wrap' },
      'data.fees.0.label': 'Ribbon',
    },
  });
  expect(textOf(sandbox)).toMatchObject({
    type: 'payment.completed',
    data: {
      reference: 'order-1',
      price: 4.5,
      metadata: { feePercent: 2 },
      new: { field: null },
      fees: [{ label: 'Ribbon' }],
    },
  });
});

test('a name out of a prototype is a field like any other', async () => {
  const { sandbox } = await openWorld({}, undefined, unjudged);
  const set = Object(JSON.parse('{"__proto__.polluted":1,"constructor.prototype.polluted":1}'));
  await sandbox.trigger('payment.completed', { set });
  expect(sandbox.events[0]?.text).toContain('"__proto__":{"polluted":1}');
  expect(Reflect.get({}, 'polluted')).toBeUndefined();
});

test('an id that is set twice is one event that comes twice', async () => {
  const { sandbox, receiver } = await openWorld();
  for (let time = 0; time < 2; time += 1)
    await sandbox.trigger('payment.completed', { set: { id: SAME } });
  const ids = receiver.received.map(({ headers }) => headers['qbitflow-event-id']);
  expect(ids).toEqual([SAME, SAME]);
});

test.each([
  ['payment.complete', undefined, /no type "payment\.complete".*did you mean payment\.completed,/],
  ['subscription.statuschanged', undefined, /did you mean subscription\.statusChanged,/],
  ['transaction.paid', 'v2', /no type of v2/],
  ['webhook', 'v1', /did you mean webhook\.test,/],
  ['x'.repeat(100_000), undefined, /did you mean/],
  ['', undefined, /did you mean/],
] as const)('%.30s (%s) is no type: the nearest are named', async (name, version, message) => {
  const { sandbox } = await openWorld();
  await expect(sandbox.trigger(name, { version })).rejects.toThrow(message);
  expect(sandbox.events).toEqual([]);
});

test.each([
  [{ 'data.reference.deep': 1 }, /data\.reference\.deep cannot be set.*"deep".*is a string/],
  [{ 'data.currency.mainCurrency.mainCurrency.id': 1 }, /is null/],
  [{ 'data.fees.7.label': 'x' }, /a list of 0/],
  [{ 'data.fees.first': 'x' }, /a list of 0/],
  [{ 'data..reference': 1 }, /is no path/],
  [{ '': 1 }, /is no path/],
  [{ ['a.'.repeat(10_000) + 'a']: 1 }, /is no path/],
])('%o leads nowhere, and nothing is sent', async (set, message) => {
  const { sandbox, receiver } = await openWorld();
  await expect(sandbox.trigger('payment.completed', { set })).rejects.toThrow(message);
  expect([sandbox.events, sandbox.sessions, receiver.received]).toEqual([[], [], []]);
});

test('without a webhook URL there is nowhere to send it, and nothing is kept', async () => {
  const sandbox = await openSandbox();
  await expect(sandbox.trigger('payment.completed')).rejects.toThrow('no webhook URL');
  expect([sandbox.events, sandbox.sessions]).toEqual([[], []]);
});

test('scenarios spoil it like what really happens', async () => {
  const { sandbox, receiver } = await openWorld({ scenarios: ['duplicate', 'future-type'] });
  await sandbox.trigger('payment.completed');
  await sandbox.idle();
  const types = receiver.received.map(({ headers }) => headers['qbitflow-event-type']);
  expect(types.filter((type) => type === 'payment.completed')).toHaveLength(2);
  expect(types).toContain('loyalty.pointsGranted');
});

test('without retries it is one attempt, and one more after an attempt that a scenario spoils', async () => {
  const { sandbox } = await openWorld({}, (response) => response.writeHead(500).end('boom'));
  const plain = await sandbox.trigger('payment.completed', { retry: false });
  expect(plain).toMatchObject({ state: 'failed', attempts: [{ status: 500, answer: 'boom' }] });
  sandbox.setScenarios(['wrong-secret']);
  const spoiled = await sandbox.trigger('payment.completed', { retry: false });
  expect(spoiled.attempts).toHaveLength(2);
  sandbox.setScenarios([]);
  expect((await sandbox.trigger('payment.completed')).attempts).toHaveLength(4);
});

test('over HTTP it answers with the delivery', async () => {
  const { sandbox } = await openWorld({}, (response) => response.end('{"received":true}'));
  const answer = await call(sandbox, 'POST /sandbox/trigger', {
    type: 'payment.completed',
    version: 'v2',
    set: { 'data.reference': 'order-1' },
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { state: 'delivered', attempts: [{ status: 200, answer: '{"received":true}' }] },
  });
  expect(textOf(sandbox)).toMatchObject({ data: { reference: 'order-1' } });
});

test.each([
  [{}, 'type is required'],
  [{ type: 7 }, 'type must be a string'],
  [{ type: 'payment.completed', version: 'v3' }, 'version must be v1 or v2'],
  [{ type: 'payment.completed', set: ['a'] }, 'set must be an object'],
  [{ type: 'payment.completed', set: 'a=b' }, 'set must be an object'],
  [{ type: 'payment.completed', retry: 'no' }, 'retry must be true or false'],
  [{ type: 'payment.completed', sets: {} }, 'sets is unknown: there are type, version, set'],
  [{ type: 'payment.done' }, 'did you mean payment.completed'],
  [{ type: 'payment.completed', set: { 'data.reference.x': 1 } }, 'cannot be set'],
])('over HTTP %o is refused with 400', async (body, message) => {
  const { sandbox } = await openWorld();
  const answer = await call(sandbox, 'POST /sandbox/trigger', body);
  expect([answer.status, answer.body['error']]).toEqual([400, expect.stringContaining(message)]);
});

test('the same seed makes the same webhook', async () => {
  const textOfSeed = async (): Promise<string | undefined> => {
    let seed = 7;
    const random = () => (seed = (seed * 16_807) % 2_147_483_647) / 2_147_483_647;
    const clock = { now: () => 1_790_856_000_000, after: () => () => undefined };
    const { sandbox } = await openWorld({ random, clock });
    await sandbox.trigger('subscription.created');
    return sandbox.events[0]?.text.replaceAll(sandbox.url, '');
  };
  expect(await textOfSeed()).toBe(await textOfSeed());
});
