import { describe, expect, test } from 'vitest';
import { call, openSandbox, payment, subscription } from '../support/world.js';

const chars = (count: number): string => 'x'.repeat(count);
/** An absolute URL of so many characters. */
const url = (length: number): string => `https://shop.test/${chars(length - 18)}`;
const UUID = '0c0ffee0-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const shipping = { label: 'Shipping', amountUsd: 0.01 };
const item = (changes: object) => ({ fees: { items: [{ ...shipping, ...changes }] } });
const inline = { productName: undefined, description: undefined, price: undefined };

type Row = readonly [field: string, changes: object];

/** Each limit with what is just inside it. */
const taken: readonly Row[] = [
  ['productUuid', { ...inline, productUuid: UUID }],
  ['productUuid', { ...inline, productUuid: UUID.toUpperCase() }],
  ['productReference', { ...inline, productReference: 'p' }],
  ['productReference', { ...inline, productReference: chars(100) }],
  ['productName', { productName: 'xx' }],
  ['productName', { productName: chars(100) }],
  ['productName', { productName: '🍵🍵' }],
  ['productName', { productName: "Tea, green & 'fresh' (100 g) – 5 %!" }],
  ['description', { description: undefined }],
  ['description', { description: null }],
  ['description', { description: 'xx' }],
  ['description', { description: chars(500) }],
  ['price', { price: 0.01 }],
  ['price', { price: 5 }],
  ['reference', { reference: 'x' }],
  ['reference', { reference: `Az09._:@-${chars(91)}` }],
  ['customerReference', { customerReference: 'x' }],
  ['customerReference', { customerReference: `Az09._:@-${chars(91)}` }],
  ['customerUuid', { customerUuid: UUID }],
  ['successUrl', { successUrl: url(2_048) }],
  ['successUrl', { successUrl: 'http://127.0.0.1:3000/{{UUID}}?type={{TRANSACTION_TYPE}}' }],
  ['cancelUrl', { cancelUrl: url(2_048) }],
  ['cancelUrl', { cancelUrl: undefined, successUrl: undefined }],
  ['expiresInMinutes', { expiresInMinutes: 10 }],
  ['expiresInMinutes', { expiresInMinutes: 1_440 }],
  ['fees', { fees: {} }],
  ['fees', { fees: null }],
  ['fees.processingFee', { fees: { processingFee: false } }],
  ['fees.items', { fees: { items: null } }],
  ['fees.items', { price: 1, fees: { items: Array.from({ length: 10 }, () => shipping) } }],
  ['fees.items.0.label', item({ label: 'x' })],
  ['fees.items.0.label', item({ label: chars(40) })],
  ['fees.items.0.description', item({ description: chars(200) })],
  ['fees.items.0.amountUsd', item({ amountUsd: '0.01' })],
  ['fees.items.0.amountUsd', { price: 1, ...item({ amountUsd: 4 }) }],
];

/** Each limit with what is just outside it. */
const refused: readonly Row[] = [
  ['productUuid', inline],
  ['productUuid', { productUuid: UUID }],
  ['productUuid', { productReference: 'p' }],
  ['productUuid', { ...inline, productUuid: UUID, productReference: 'p' }],
  ['productUuid', { ...inline, productUuid: UUID.slice(1) }],
  ['productUuid', { ...inline, productUuid: 7 }],
  ['productReference', { ...inline, productReference: '' }],
  ['productReference', { ...inline, productReference: chars(101) }],
  ['productName', { productName: undefined }],
  ['productName', { productName: 'x' }],
  ['productName', { productName: '🍵' }],
  ['productName', { productName: chars(101) }],
  ...Array.from('<>{}[]\\|;"~^`\n\t\u0000\u007F\u0085', (character): Row => [
    'productName',
    { productName: `Tea ${character}` },
  ]),
  ['description', { description: 'x' }],
  ['description', { description: chars(501) }],
  ['description', { description: 'a\nb' }],
  ['description', { ...inline, productUuid: UUID, description: 'Size M' }],
  ['price', { price: undefined }],
  ['price', { price: 0 }],
  ['price', { price: -1 }],
  ['price', { price: 5.01 }],
  ['price', { price: '4' }],
  ['reference', { reference: '' }],
  ['reference', { reference: chars(101) }],
  ['reference', { reference: 'with space' }],
  ['reference', { reference: 'Ä' }],
  ['reference', { reference: 7 }],
  ['customerReference', { customerReference: '' }],
  ['customerReference', { customerReference: chars(101) }],
  ['customerReference', { customerReference: 'c/1' }],
  ['customerUuid', { customerUuid: 'c-1' }],
  ['successUrl', { successUrl: url(2_049) }],
  ['successUrl', { successUrl: 'javascript:alert(1)' }],
  ['successUrl', { successUrl: ' https://shop.test' }],
  ['successUrl', { successUrl: 'https:shop.test' }],
  ['cancelUrl', { cancelUrl: url(2_049) }],
  ['cancelUrl', { cancelUrl: '/cancel' }],
  ['cancelUrl', { cancelUrl: '' }],
  ['cancelUrl', { cancelUrl: 'ftp://shop.test' }],
  ['expiresInMinutes', { expiresInMinutes: 9 }],
  ['expiresInMinutes', { expiresInMinutes: 1_441 }],
  ['expiresInMinutes', { expiresInMinutes: 10.5 }],
  ['expiresInMinutes', { expiresInMinutes: '10' }],
  ['fees', { fees: [shipping] }],
  ['fees', { fees: 'none' }],
  ['fees.processingFee', { fees: { processingFee: 1 } }],
  ['fees.items', { fees: { items: shipping } }],
  ['fees.items', { price: 1, fees: { items: Array.from({ length: 11 }, () => shipping) } }],
  ['fees.items.0', { fees: { items: [null] } }],
  ['fees.items.1', { fees: { items: [shipping, 'x'] } }],
  ['fees.items.0.label', item({ label: undefined })],
  ['fees.items.0.label', item({ label: '' })],
  ['fees.items.0.label', item({ label: chars(41) })],
  ['fees.items.0.label', item({ label: 'a\nb' })],
  ['fees.items.0.label', item({ label: 'a\u2028b' })],
  ['fees.items.0.description', item({ description: chars(201) })],
  ['fees.items.0.amountUsd', item({ amountUsd: undefined })],
  ['fees.items.0.amountUsd', item({ amountUsd: 0 })],
  ['fees.items.0.amountUsd', item({ amountUsd: '0.00' })],
  ['fees.items.0.amountUsd', item({ amountUsd: -1 })],
  ['fees.items.0.amountUsd', item({ amountUsd: '0.001' })],
  ['fees.items.0.amountUsd', item({ amountUsd: 0.001 })],
  ['fees.items.0.amountUsd', item({ amountUsd: '1,00' })],
  ['fees.items.0.amountUsd', item({ amountUsd: '1000000.01' })],
  ['fees.items.0.amountUsd', item({ amountUsd: true })],
];

const cycleTaken: readonly Row[] = [
  ['frequency', { frequency: undefined }],
  ['frequency', { frequency: { value: 300, unit: 'seconds' } }],
  ['frequency', { frequency: { value: 5, unit: 'minutes' } }],
  ['frequency', { frequency: { value: 1, unit: 'hours' } }],
  ['frequency', { frequency: { value: 365, unit: 'days' } }],
  ['frequency', { frequency: { value: 52, unit: 'weeks' } }],
  ['frequency', { frequency: { value: 12, unit: 'months' } }],
  ['frequency', { frequency: { value: 1, unit: 'years' } }],
  ['trialPeriod', { trialPeriod: { value: 0 } }],
  ['trialPeriod', { trialPeriod: { value: 1, unit: 'seconds' } }],
  ['trialPeriod', { trialPeriod: { value: 2, unit: 'years' } }],
  ['minPeriods', { minPeriods: 0 }],
  ['minPeriods', { minPeriods: 1_000 }],
];

const cycleRefused: readonly Row[] = [
  ['fees', { fees: { items: [shipping] } }],
  ['frequency', { frequency: 'monthly' }],
  ['frequency', { frequency: [1, 'months'] }],
  ['frequency', { frequency: { value: 299, unit: 'seconds' } }],
  ['frequency', { frequency: { value: 4, unit: 'minutes' } }],
  ['frequency', { frequency: { value: 366, unit: 'days' } }],
  ['frequency', { frequency: { value: 13, unit: 'months' } }],
  ['frequency', { frequency: { value: 2, unit: 'years' } }],
  ['frequency.value', { frequency: { value: 0, unit: 'days' } }],
  ['frequency.value', { frequency: { value: 1.5, unit: 'days' } }],
  ['frequency.value', { frequency: { value: '1', unit: 'days' } }],
  ['frequency.value', { frequency: { unit: 'days' } }],
  ['frequency.unit', { frequency: { value: 1 } }],
  ['frequency.unit', { frequency: { value: 1, unit: 'decades' } }],
  ['frequency.unit', { frequency: { value: 1, unit: 'month' } }],
  ['trialPeriod', { trialPeriod: { value: 1_000, unit: 'years' } }],
  ['trialPeriod.value', { trialPeriod: { value: -1, unit: 'days' } }],
  ['trialPeriod.value', { trialPeriod: { unit: 'days' } }],
  ['trialPeriod.unit', { trialPeriod: { value: 1 } }],
  ['minPeriods', { minPeriods: -1 }],
  ['minPeriods', { minPeriods: 1_001 }],
  ['minPeriods', { minPeriods: 0.5 }],
];

const create = 'POST /v2/transaction/session-checkout/new';

describe.each([
  ['payment', payment, taken, refused],
  ['subscription', subscription, cycleTaken, cycleRefused],
] as const)('a %s', (kind, terms, inside, outside) => {
  test.each(inside)('is opened: %s in %j', async (_field, changes) => {
    const sandbox = await openSandbox();
    const { status, body } = await call(sandbox, `${create}/${kind}`, { ...terms, ...changes });
    expect(body['details']).toBeUndefined();
    expect(status).toBe(201);
  });

  test.each(outside)('is refused: %s is at fault in %j', async (field, changes) => {
    const sandbox = await openSandbox();
    const { status, body } = await call(sandbox, `${create}/${kind}`, { ...terms, ...changes });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code: 'validation_failed', requestId: expect.any(String) });
    expect(body['details']).toMatchObject({ errors: [{ field, message: expect.any(String) }] });
    expect(sandbox.sessions).toEqual([]);
  });
});

test('every field at fault is named at once', async () => {
  const sandbox = await openSandbox();
  const fees = { items: [{ label: '', amountUsd: 'x' }] };
  const { body } = await call(sandbox, `${create}/payment`, { price: -1, reference: '', fees });
  const { errors }: { errors: { field: string }[] } = Object(body['details']);
  expect(errors.map(({ field }) => field).toSorted()).toEqual([
    'fees.items.0.amountUsd',
    'fees.items.0.label',
    'price',
    'productName',
    'reference',
  ]);
});

test.each([
  ['a fee beside the price', { price: 5, ...item({ amountUsd: 0.01 }) }],
  ['the processing fee beside it', { price: 5, fees: { processingFee: true } }],
  ['the price alone', { price: 5.01 }],
])('the cap counts %s, and says how much it is', async (_name, changes) => {
  const sandbox = await openSandbox();
  const { status, body } = await call(sandbox, `${create}/payment`, { ...payment, ...changes });
  expect(status).toBe(400);
  expect(body['details']).toEqual({
    max: 5,
    errors: [{ field: 'price', message: expect.stringContaining('5 USD') }],
  });
});

test('without a cap a fee is at most a million', async () => {
  const sandbox = await openSandbox({ priceCapUsd: Infinity });
  const ask = async (amountUsd: unknown) =>
    (await call(sandbox, `${create}/payment`, { ...payment, ...item({ amountUsd }) })).status;
  expect([await ask(1_000_000), await ask('1000000.00')]).toEqual([201, 201]);
  expect([await ask(1_000_001), await ask('1000000.01')]).toEqual([400, 400]);
});

test('a trial of 0 is none, and 0 periods are no minimum', async () => {
  const sandbox = await openSandbox();
  const terms = { trialPeriod: { value: 0 }, minPeriods: 0 };
  const { body } = await call(sandbox, `${create}/subscription`, { ...subscription, ...terms });
  const { session } = await sandbox.pay(String(body['uuid']));
  expect(session.subscription).toMatchObject({ status: 'active', billCount: 1 });
});
