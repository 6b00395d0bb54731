import { describe, expect, it } from 'vitest';
import { fixtures } from '../../../src/testing/index.js';
import { v2ToEvent } from '../../../src/protocol/v2/to-event.js';
import { EVENT_TYPES, type KnownEventType } from '../../../src/event/types.js';

const makers = Object.entries(fixtures.v2);

function eventOf(value: unknown) {
  const result = v2ToEvent(value);
  if (!result.ok) throw new Error(result.problem);
  return result.event;
}

/** Every value in `data` replaced by null. */
const nulled = (data: object): Record<string, null> =>
  Object.fromEntries(Object.keys(data).map((field) => [field, null]));

describe.each(makers)('%s', (type, make) => {
  it('is read as sent', () => {
    const envelope = make({ test: true });
    const event = eventOf(envelope);
    expect(event).toMatchObject({
      id: envelope.id,
      type,
      version: 'v2',
      test: true,
      createdAt: '2026-10-01T12:00:00Z',
    });
    expect(event.raw).toBe(envelope);
    expect(event.data).toBe(envelope.data);
  });

  it('may leave out or null every field', () => {
    expect(eventOf({ id: 'evt_1', type })).toMatchObject({ type });
    expect(
      eventOf({ id: 'evt_1', type, data: null, test: null, createdAt: null, version: null }),
    ).toMatchObject({ type });
    expect(eventOf(make({ data: nulled(make().data) }))).toMatchObject({ type });
  });

  it('keeps fields and values it does not know', () => {
    const data = { newer: { deep: [1] }, status: 'someday', txType: 'someday' };
    expect(eventOf(make({ data, newest: 1 })).data).toMatchObject(data);
  });

  it('is unreadable when data is not an object', () => {
    expect(v2ToEvent({ ...make(), data: [] })).toEqual({
      ok: false,
      problem: 'data: expected object, got array',
    });
    expect(v2ToEvent({ ...make(), data: 'x' })).toEqual({
      ok: false,
      problem: 'data: expected object, got string',
    });
  });
});

/** Fields this kit promises nothing about. */
const UNTYPED = new Set(['received', 'txMetadata']);

it.each(
  makers.flatMap(([type, make]) =>
    Object.entries(make().data)
      .filter(([field]) => !UNTYPED.has(field))
      .map(([field, value]) => [type, field, make, value] as const),
  ),
)('%s: a wrong JSON type in %s is unreadable', (_, field, make, value) => {
  const wrong = typeof value === 'boolean' ? 'secret-value' : true;
  const result = v2ToEvent(make({ data: { [field]: wrong } }));
  expect(result).toMatchObject({
    ok: false,
    problem: expect.stringMatching(new RegExp(`^data\\.${field}: expected`)),
  });
  expect(JSON.stringify(result)).not.toContain('secret-value');
});

describe('problems', () => {
  it.each([
    [{ amount: '4.99' }, 'data.amount: expected number, got string'],
    [{ amountMinUnits: 4_990_000 }, 'data.amountMinUnits: expected string, got number'],
    [{ price: false }, 'data.price: expected number or string, got boolean'],
    [{ fees: [{ type: 'a' }, { label: 7 }] }, 'data.fees.1.label: expected string, got number'],
    [
      { currency: { mainCurrency: { symbol: 1 } } },
      'data.currency.mainCurrency.symbol: expected string, got number',
    ],
    [
      { amount: Number.POSITIVE_INFINITY },
      'data.amount: expected number, got a number beyond float64',
    ],
  ])('%j', (data, problem) => {
    expect(v2ToEvent(fixtures.v2['payment.completed']({ data }))).toEqual({ ok: false, problem });
  });

  it.each([
    [null, 'body: expected object, got null'],
    [[], 'body: expected object, got array'],
    ['text', 'body: expected object, got string'],
    [{}, 'id: expected string, got nothing'],
    [{ id: 7, type: 'webhook.test' }, 'id: expected string, got number'],
    [{ id: 'evt_1' }, 'type: expected string, got nothing'],
    [{ id: 'evt_1', type: null }, 'type: expected string, got null'],
    [{ id: 'evt_1', type: 'webhook.test', test: 'no' }, 'test: expected boolean, got string'],
    [{ id: 'evt_1', type: 'webhook.test', createdAt: 1 }, 'createdAt: expected string, got number'],
  ])('%j', (value, problem) => {
    expect(v2ToEvent(value)).toEqual({ ok: false, problem });
  });
});

it('takes the ambiguous prices as number or text, and converts neither', () => {
  const make = fixtures.v2['payment.completed'];
  expect(eventOf(make({ data: { price: '4.990', paidUsd: '4.99' } })).data).toMatchObject({
    price: '4.990',
    paidUsd: '4.99',
  });
  expect(eventOf(make({ data: { price: 4.99, paidUsd: 5 } })).data).toMatchObject({
    price: 4.99,
    paidUsd: 5,
  });
});

it('knows amountUsd as text in a billing failure and as a number in an upcoming bill', () => {
  const failed = fixtures.v2['subscription.billingFailed'];
  const upcoming = fixtures.v2['subscription.upcomingBill'];
  expect(v2ToEvent(failed({ data: { amountUsd: 4.99 } }))).toMatchObject({ ok: false });
  expect(v2ToEvent(upcoming({ data: { amountUsd: '4.99' } }))).toMatchObject({ ok: false });
});

it.each([
  [{ ledgers: null, txMetadata: null }, true],
  [{ ledgers: [{}], txMetadata: {} }, true],
  [{ ledgers: [{ owedUsd: null, newer: 1, type: 'someday' }] }, true],
  [{ ledgers: [{ txUuid: 7 }] }, false],
  [{ ledgers: [{ owedMinUnits: 4_960_000 }] }, false],
  [{ ledgers: ['pay@1'] }, false],
  [{ txMetadata: 'on chain' }, false],
])('reads of a payout of held funds %j: %s', (data, ok) => {
  expect(v2ToEvent(fixtures.v2['heldFunds.released']({ data }))).toMatchObject({ ok });
});

it('gives an empty uuid where the server left it out, without touching what was sent', () => {
  const envelope = { id: 'evt_1', type: 'payment.completed', data: { amount: 1 } };
  const event = eventOf(envelope);
  expect(event.data).toEqual({ amount: 1, uuid: '' });
  expect(event.raw).toEqual({ id: 'evt_1', type: 'payment.completed', data: { amount: 1 } });
  expect(eventOf({ id: 'evt_1', type: 'member.removed', data: {} }).data).toEqual({});
});

it('reads a type of the future as unknown, whatever its data', () => {
  for (const data of [undefined, null, 7, 'text', [1], { a: 1 }]) {
    expect(eventOf({ id: 'evt_9', type: 'payout.completed', test: false, data })).toMatchObject({
      type: 'unknown',
      sentType: 'payout.completed',
      id: 'evt_9',
      key: 'payout.completed:evt_9',
      subject: 'payout.completed:evt_9',
      test: false,
    });
  }
});

it('names the marketplace member', () => {
  expect(eventOf(fixtures.v2['payment.completed']({ userUuid: 'u-1' }))).toMatchObject({
    userUuid: 'u-1',
  });
});

it('knows exactly the types the fixtures know', () => {
  const known = Object.entries(EVENT_TYPES).flatMap(([type, row]) =>
    'schema' in row ? [type] : [],
  );
  const first: KnownEventType = 'payment.completed';
  expect(known).toHaveLength(15);
  expect(known).toContain(first);
  expect(makers.map(([type]) => type)).toEqual(known);
});
