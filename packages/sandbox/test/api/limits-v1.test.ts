import { describe, expect, test } from 'vitest';
import { call, openSandbox, payment, subscription } from '../support/world.js';

const chars = (count: number): string => 'x'.repeat(count);
const UUID = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const inline = { productName: undefined, description: undefined, price: undefined };
const sessions = '/transaction/session-checkout';
const cycle = { frequency: { value: 1, unit: 'months' } };

type Row = readonly [field: string, changes: object];

const taken: readonly Row[] = [
  ['productId', { ...inline, productId: 7 }],
  ['productReference', { ...inline, productReference: 'p' }],
  ['productName', { productName: 'xx' }],
  ['productName', { productName: chars(100) }],
  ['description', { description: 'xx' }],
  ['description', { description: chars(500) }],
  ['price', { price: 0.01 }],
  ['price', { price: 500 }],
  ['customerUUID', { customerUUID: UUID }],
  ['customerReference', { customerReference: 'customer 7' }],
  ['reference', { reference: 'order 1' }],
  ['minPeriods', { minPeriods: undefined }],
];

const refused: readonly Row[] = [
  ['productId', inline],
  ['productId', { productId: 1 }],
  ['productId', { ...inline, productId: 1, productReference: 'p' }],
  ['productId', { ...inline, productId: '1' }],
  ['productId', { ...inline, productId: 1.5 }],
  ['productName', { productName: undefined }],
  ['productName', { productName: 'x' }],
  ['productName', { productName: chars(101) }],
  ['description', { description: undefined }],
  ['description', { description: 'x' }],
  ['description', { description: chars(501) }],
  ['price', { price: undefined }],
  ['price', { price: 0 }],
  ['price', { price: -1 }],
  ['price', { price: '5' }],
  ['price', { price: 1e300 }],
  ['customerUUID', { customerUUID: 'c-1' }],
  ['reference', { reference: '' }],
  ['successUrl', { successUrl: '/success' }],
  ['webhookUrl', { webhookUrl: 'webhook' }],
];

const cycleTaken: readonly Row[] = [
  ['frequency', { frequency: { value: 1, unit: 'seconds' } }],
  ['frequency', { frequency: { value: 1, unit: 'years' } }],
  ['trialPeriod', { trialPeriod: { value: 0 } }],
  ['trialPeriod', { trialPeriod: { value: 1, unit: 'weeks' } }],
  ['minPeriods', { minPeriods: 0 }],
  ['minPeriods', { minPeriods: 1_000 }],
];

const cycleRefused: readonly Row[] = [
  ['frequency', { frequency: undefined }],
  ['frequency', { frequency: { value: 2, unit: 'years' } }],
  ['frequency.value', { frequency: { value: 0, unit: 'days' } }],
  ['frequency.unit', { frequency: { value: 1, unit: 'decades' } }],
  ['trialPeriod.unit', { trialPeriod: { value: 1 } }],
  ['minPeriods', { minPeriods: -1 }],
  ['minPeriods', { minPeriods: 1_001 }],
];

/** How each of v1's ways to open a session writes terms, and what it calls the fields of a subscription's cycle. */
const WAYS = [
  ['a payment', `${sessions}/new/payment`, payment, '', taken, refused],
  ['a subscription', `${sessions}/new/subscription`, subscription, '', cycleTaken, cycleRefused],
  ["SDK 1.x's payment", `${sessions}/`, payment, '', taken, refused],
  ["SDK 1.x's subscription", sessions, payment, 'options.', cycleTaken, cycleRefused],
] as const;

describe.each(WAYS)('%s', (_name, path, terms, prefix, inside, outside) => {
  const bodyOf = (changes: object) =>
    prefix === '' ? { ...terms, ...changes } : { ...terms, options: { ...cycle, ...changes } };

  test.each(inside)('is opened: %s in %j', async (_field, changes) => {
    const sandbox = await openSandbox();
    expect((await call(sandbox, `POST /v1${path}`, bodyOf(changes))).body).toEqual({
      uuid: expect.stringMatching(/^(pay|sub)@/),
      link: expect.stringContaining('/checkout/'),
      expiresAt: expect.any(Number),
    });
  });

  test.each(outside)('is refused, with the reason in error: %s in %j', async (field, changes) => {
    const sandbox = await openSandbox();
    const { status, body } = await call(sandbox, `POST /v1${path}`, bodyOf(changes));
    expect(status).toBe(400);
    expect(body).toEqual({
      error: expect.stringMatching(new RegExp(`: ${prefix}${field} \\S`)),
      status: 400,
    });
    expect(sandbox.sessions).toEqual([]);
  });
});

test.each([
  [{ subscriptionType: 'payAsYouGo' }, 'payAsYouGo is switched off'],
  [{ subscriptionType: 'monthly' }, 'options.subscriptionType must be subscription'],
  ['monthly', 'options must be { subscriptionType'],
])('SDK 1.x: options %j are refused', async (options, reason) => {
  const sandbox = await openSandbox();
  const body = {
    ...payment,
    options: typeof options === 'string' ? options : { ...cycle, ...options },
  };
  const answer = await call(sandbox, `POST /v1${sessions}/`, body);
  expect([answer.status, answer.body['error']]).toEqual([400, expect.stringContaining(reason)]);
});
