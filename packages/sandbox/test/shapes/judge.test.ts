import { fixtures } from '@qbitflow/core/testing';
import { expect, test } from 'vitest';
import { createJudge, shapeNames } from './judge.js';

type Change = Readonly<Record<string, unknown>>;

/** What the judge says of a payment with these fields. */
function judged(data: Change, envelope: Change = {}): string {
  const judge = createJudge();
  try {
    judge.webhook('v2', fixtures.v2['payment.completed']({ ...envelope, data }));
    return '';
  } catch (error) {
    return String(error);
  }
}

test.each<[Change, string]>([
  [{ amount: undefined }, 'data.amount'],
  [{ fees: undefined }, 'data.fees'],
  [{ amount: '5.04' }, 'data.amount'],
  [{ amountMinUnits: 5_040_000 }, 'data.amountMinUnits'],
  [{ amountMinUnits: '5.04' }, 'data.amountMinUnits'],
  [{ chain: 'sandbox' }, 'data.chain'],
  [{ uuid: 'sub@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f' }, 'data.uuid'],
  [{ createdAt: '2026-10-01 12:00' }, 'data.createdAt'],
  [{ reference: null }, 'data.reference'],
  [{ customer: { uuid: 'x' } }, 'customer'],
  [{ explorerUrl: 'javascript:alert(1)' }, 'data.explorerUrl'],
  [{ fees: [{ type: 'custom', label: 'Boat', amountUsd: 0.05 }] }, 'data.fees.0.amountUsd'],
  [{ currency: { id: 3 } }, 'data.currency'],
  [{ price: 5.04 }, 'amount is not price + fees'],
  [{ amount: 4.99, price: 4.94 }, 'amounts do not add up'],
])('a payment with %j is not QBitFlow’s: %s', (change, problem) => {
  expect(judged(change)).toContain(problem);
});

test('optional fields may be left out', () => {
  const left = ['chain', 'explorerUrl', 'reference', 'note', 'confirmedAt', 'managementPageLink'];
  expect(judged(Object.fromEntries(left.map((name) => [name, undefined])))).toBe('');
});

test.each<[Change, string]>([
  [{ version: 'v3' }, 'version'],
  [{ type: 'payment.done' }, 'no shape for v2 webhook payment.done'],
  [{ id: 'evt_1' }, 'id'],
  [{ extra: 1 }, 'extra'],
])('an envelope with %j is not either', (change, problem) => {
  expect(judged({}, change)).toContain(problem);
});

test('what is wrong is told of the shape that comes nearest', () => {
  const { status: _status, ...body } = fixtures.v1.paymentCompleted();
  expect(() => {
    createJudge().webhook('v1', body);
  }).toThrow(/v1 transactionWebhook \(webhook transaction\)\n {2}status: /);
});

test('a body without a shape is one too many', () => {
  const judge = createJudge();
  expect(() => {
    judge.answer('GET /v2/transaction/payouts/1', 200, {});
  }).toThrow('no shape for v2 GET /transaction/payouts/1');
  expect(judge.met()).toEqual([]);
});

test('answers are found by their route, failures by being some', () => {
  const judge = createJudge();
  judge.answer('POST /v1/webhooks/verify', 200, { message: 'genuine' });
  judge.answer('GET /v1/transaction/payment/pay%401', 404, { error: 'there is no payment' });
  judge.answer('GET /v2/webhooks/events?limit=1', 200, { items: [], nextCursor: null });
  expect(judge.met()).toEqual(['v1 error', 'v1 verified', 'v2 eventPage']);
  expect(shapeNames()).toEqual(expect.arrayContaining(judge.met()));
});
