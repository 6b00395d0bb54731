import { describe, expect, it } from 'vitest';
import {
  keyOf,
  keyOfExpiredCheckout,
  keyOfPayment,
  keyOfSubscription,
  subjectOf,
} from '../../src/event/keys.js';
import { fixtures } from '../../src/testing/index.js';
import { readBody } from '../../src/protocol/index.js';

const PAY = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const SUB = 'sub@02b1d1d8-6b7c-4d8e-9fa0-1b2c3d4e5f60';
const BILL = 'sub-hist@03c2e2e9-7c8d-4e9f-a0b1-2c3d4e5f6071';
const REFUND = 'refund@04d3f3fa-8d9e-4fa0-b1c2-3d4e5f607182';
const { v1, v2 } = fixtures;

const bare = (id: string): string => id.slice(id.indexOf('@') + 1);

function named(version: 'v1' | 'v2', body: unknown) {
  const result = readBody(version, body).parsed;
  if (!result.ok) throw new Error(result.problem);
  return { key: result.event.key, subject: result.event.subject };
}

describe('one happening has one key, whoever reports it', () => {
  it.each([
    ['v1', v1.paymentCompleted()],
    ['v1', v1.paymentCompletedSdk1()],
    ['v1', v1.paymentCompleted({ uuid: bare(PAY) })],
    ['v1', v1.paymentCompleted({ uuid: undefined })],
    ['v2', v2['payment.completed']()],
    ['v2', v2['payment.completed']({ id: 'evt_other' })],
    ['v2', v2['payment.completed']({ data: { uuid: bare(PAY) } })],
  ] as const)('a payment (%s)', (version, body) => {
    expect(named(version, body)).toEqual({ key: `payment.completed:${PAY}`, subject: PAY });
  });

  it.each([
    ['v1', v1.subscriptionCreated()],
    ['v2', v2['subscription.created']({ data: { uuid: bare(SUB) } })],
  ] as const)('a subscription (%s)', (version, body) => {
    expect(named(version, body)).toEqual({ key: `subscription.created:${SUB}`, subject: SUB });
  });

  it.each([
    ['v1', v1.subscriptionBilled()],
    ['v1', v1.subscriptionBilled({ subscriptionUUID: bare(SUB), data: { uuid: bare(BILL) } })],
    ['v2', v2['subscription.billed']()],
  ] as const)('a bill (%s)', (version, body) => {
    expect(named(version, body)).toEqual({ key: `subscription.billed:${BILL}`, subject: SUB });
  });

  it.each(['refund.requested', 'refund.completed', 'refund.denied'] as const)('a %s', (type) => {
    expect(named('v2', v2[type]())).toEqual({ key: `${type}:${REFUND}`, subject: PAY });
    expect(named('v2', v2[type]({ data: { uuid: bare(REFUND), txUuid: bare(PAY) } })).subject).toBe(
      PAY,
    );
  });

  it.each([
    ['v1', v1.paymentExpired(), PAY],
    ['v1', v1.paymentExpired({ uuid: bare(PAY) }), PAY],
    ['v1', v1.subscriptionCreated({ uuid: bare(SUB), status: { status: 'expired' } }), SUB],
    ['v2', v2['checkout.expired'](), PAY],
    [
      'v2',
      v2['checkout.expired']({ data: { uuid: bare(SUB), txType: 'createSubscription' } }),
      SUB,
    ],
  ] as const)('an expired checkout (%s)', (version, body, id) => {
    expect(named(version, body)).toEqual({ key: `checkout.expired:${id}`, subject: id });
  });

  it('the return page and recovery name it alike', () => {
    expect(keyOfPayment(bare(PAY))).toBe(`payment.completed:${PAY}`);
    expect(keyOfSubscription(SUB)).toBe(`subscription.created:${SUB}`);
    expect(keyOfExpiredCheckout(bare(SUB), 'createSubscription')).toBe(`checkout.expired:${SUB}`);
  });
});

describe('everything else', () => {
  it.each([
    'subscription.statusChanged',
    'subscription.billingFailed',
    'member.joined',
    'webhook.test',
  ] as const)('of v2 goes by its event id: %s', (type) => {
    expect(named('v2', v2[type]({ id: 'evt_7' })).key).toBe(`${type}:evt_7`);
  });

  it('of v2 is about its subscription where it has one', () => {
    expect(named('v2', v2['subscription.upcomingBill']()).subject).toBe(SUB);
    expect(named('v2', v2['member.joined']({ id: 'evt_7' })).subject).toBe('member.joined:evt_7');
  });

  it('of v1: a status change by subscription, statuses and time', () => {
    expect(named('v1', v1.subscriptionStatusChanged())).toEqual({
      key: `subscription.statusChanged:${SUB}:active:past_due:2026-11-01T12:00:05.5Z`,
      subject: SUB,
    });
  });

  it('of v1: an update by transaction, status and content', () => {
    const { key, subject } = named('v1', v1.paymentPending());
    expect(key).toMatch(new RegExp(`^transaction\\.updated:${PAY}:pending:[0-9a-f]{32}$`));
    expect(subject).toBe(PAY);
    expect(named('v1', v1.paymentPending()).key).toBe(key);
    expect(named('v1', v1.paymentPending({ status: { message: 'Still waiting' } })).key).not.toBe(
      key,
    );
    expect(named('v1', v1.paymentFailed()).key).not.toBe(key);
  });
});

describe('without an id', () => {
  it('v2 falls back to the event id, then to the content', () => {
    expect(named('v2', v2['payment.completed']({ id: 'evt_7', data: { uuid: null } }))).toEqual({
      key: 'payment.completed:evt_7',
      subject: 'payment.completed:evt_7',
    });
    const key = named('v2', { id: '', type: 'payment.completed', data: { amount: 1 } }).key;
    expect(key).toMatch(/^payment\.completed:[0-9a-f]{32}$/);
    expect(named('v2', { id: '', type: 'payment.completed', data: { amount: 2 } }).key).not.toBe(
      key,
    );
    expect(named('v2', v2['payment.completed']({ id: '' })).key).toBe(`payment.completed:${PAY}`);
  });

  it('v1 falls back to the content', () => {
    const body = { txType: 'payment', status: { status: 'completed', txHash: '0x1' } };
    expect(named('v1', body).key).toMatch(/^payment\.completed:[0-9a-f]{32}$/);
    expect(named('v1', { ...body, status: { status: 'completed', txHash: '0x2' } }).key).not.toBe(
      named('v1', body).key,
    );
  });

  it('a bill that does not name its subscription is its own subject', () => {
    expect(subjectOf('subscription.billed', { uuid: BILL }, `subscription.billed:${BILL}`)).toBe(
      `subscription.billed:${BILL}`,
    );
  });
});

describe('keys fit any store', () => {
  it.each([
    ['too long', 'x'.repeat(600)],
    ['with a NUL', 'a\u0000b'],
    ['not ASCII', 'é'],
  ])('an id %s becomes a hash', (_, uuid) => {
    expect(keyOf('payment.completed', { uuid }, '')).toMatch(
      /^payment\.completed:sha256-[0-9a-f]{64}$/,
    );
    expect(subjectOf('payment.completed', { uuid }, '')).toMatch(/sha256-[0-9a-f]{64}$/);
  });

  it('512 characters stay', () => {
    const uuid = `pay@${'x'.repeat(512 - 'payment.completed:pay@'.length)}`;
    expect(keyOf('payment.completed', { uuid }, '')).toBe(`payment.completed:${uuid}`);
  });

  it('different ids stay different, lone surrogates too', () => {
    expect(keyOfPayment('\ud800')).not.toBe(keyOfPayment('\ud801'));
    expect(keyOf('x'.repeat(600), {}, 'evt_1')).not.toBe(keyOf('x'.repeat(600), {}, 'evt_2'));
  });
});
