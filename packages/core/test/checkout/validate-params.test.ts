import { expect, test } from 'vitest';
import { validateParams } from '../../src/checkout/validate-params.js';
import { thrownBy } from '../support/rejection-of.js';
import { TEA } from './support/merchant.js';

const FORMS = {
  v1: { generation: 'v1', kind: 'payment' },
  v2: { generation: 'v2', kind: 'payment' },
  'v1 subscription': { generation: 'v1', kind: 'subscription' },
  'v2 subscription': { generation: 'v2', kind: 'subscription' },
} as const;

const monthly = { frequency: { value: 1, unit: 'months' } };

const accepted: [keyof typeof FORMS, object][] = [
  ['v1', TEA],
  ['v1', { productId: 0 }],
  ['v1', { productReference: 'tea', reference: 'any order, 1' }],
  ['v2', { productName: 'Te', price: 0.01 }],
  ['v2', { productName: '🍵'.repeat(100), price: 1, description: '' }],
  ['v2', { productUuid: 'p', reference: 'A-z.0_9:@', expiresInMinutes: 1440 }],
  ['v2', { productReference: 'tea', customerReference: 'c', reference: undefined }],
  ['v1 subscription', { ...TEA, ...monthly, minPeriods: 1001 }],
  ['v2 subscription', TEA],
  ['v2 subscription', { ...TEA, trialPeriod: { value: 1, unit: 'years' }, minPeriods: 1 }],
];

test.each(accepted)('%s takes %j', (form, params) => {
  expect(validateParams(params, FORMS[form])).toEqual(params);
});

const refused: [keyof typeof FORMS, object, string, string][] = [
  ['v2', {}, 'productUuid', 'exactly one of productUuid, productReference, or productName with'],
  ['v1', {}, 'productId', 'exactly one of productId'],
  ['v2', { productUuid: 'p', productReference: 'r' }, 'productUuid', 'exactly one'],
  ['v2', { productReference: 'r', description: 'd' }, 'productUuid', 'exactly one'],
  ['v2', { productName: 'Tea' }, 'price', 'is missing'],
  ['v2', { price: 1 }, 'productName', 'is missing'],
  ['v1', { productName: 'Tea', price: 1 }, 'description', 'is missing'],
  ['v1', { ...TEA, description: 'x' }, 'description', 'must be 2 to 500 characters long'],
  ['v2', { ...TEA, description: 'x'.repeat(501) }, 'description', '0 to 500 characters'],
  ['v2', { ...TEA, productName: 'T' }, 'productName', '2 to 100 characters'],
  ['v2', { ...TEA, productName: 'T'.repeat(101) }, 'productName', '2 to 100 characters'],
  ['v2', { ...TEA, price: 0 }, 'price', 'more than 0'],
  ['v2', { ...TEA, price: -1 }, 'price', 'more than 0'],
  ['v2', { ...TEA, price: Number.NaN }, 'price', 'a number of USD'],
  ['v2', { ...TEA, price: Number.POSITIVE_INFINITY }, 'price', 'a number of USD'],
  ['v2', { ...TEA, price: '4.50' }, 'price', 'a number of USD'],
  ['v2', { ...TEA, reference: 'order 1' }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: '' }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: 'x'.repeat(101) }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: 'order\n' }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: 12 }, 'reference', 'must be a text'],
  ['v2', { ...TEA, expiresInMinutes: 9 }, 'expiresInMinutes', '10 to 1440'],
  ['v2', { ...TEA, expiresInMinutes: 1441 }, 'expiresInMinutes', '10 to 1440'],
  ['v2', { ...TEA, expiresInMinutes: 10.5 }, 'expiresInMinutes', 'whole number'],
  ['v2', { ...TEA, customerUuid: 'a', customerReference: 'b' }, 'customerReference', 'not both'],
  ['v2', { ...TEA, customerUuid: null }, 'customerUuid', 'must be a text'],
  ['v1', { productId: 1.5 }, 'productId', "must be a product's number"],
  ['v1', { productId: '7' }, 'productId', "must be a product's number"],
  ['v1 subscription', TEA, 'frequency', 'must be { value, unit }'],
  [
    'v1 subscription',
    { ...TEA, frequency: { value: 1, unit: 'years' } },
    'frequency.unit',
    'must be one of seconds, minutes, hours, days, weeks, months',
  ],
  ['v2 subscription', { ...TEA, frequency: 'monthly' }, 'frequency', 'must be { value, unit }'],
  [
    'v2 subscription',
    { ...TEA, frequency: { value: 0, unit: 'days' } },
    'frequency.value',
    'a whole number, 1 or more',
  ],
  [
    'v2 subscription',
    { ...TEA, trialPeriod: { value: 1, unit: 'days', every: 1 } },
    'trialPeriod.every',
    'is not known',
  ],
  ['v2 subscription', { ...TEA, minPeriods: 1001 }, 'minPeriods', '1 to 1000'],
  ['v2 subscription', { ...TEA, minPeriods: 0 }, 'minPeriods', '1 to 1000'],
];

test.each(refused)('%s refuses %j at %s', (form, params, field, words) => {
  const error = thrownBy(() => validateParams(params, FORMS[form]));
  expect(error).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field, message: expect.stringContaining(words) }] },
  });
});

test('all faults are told at once', () => {
  const params = { productName: 'T', price: 0, customerUUID: 'c', reference: 'ü' };
  expect(thrownBy(() => validateParams(params, FORMS.v2))).toMatchObject({
    facts: {
      fieldErrors: [
        { field: 'productName' },
        { field: 'price' },
        { field: 'reference' },
        { field: 'customerUUID' },
      ],
    },
  });
});

test.each([undefined, null, 'tea', 7, [TEA]])('%j are no parameters', (params) => {
  expect(thrownBy(() => validateParams(params, FORMS.v2))).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field: '', message: 'parameters must be an object' }] },
  });
});

test('a refusal repeats no value', () => {
  const params = { ...TEA, reference: 'private ü', customerUuid: 12, price: 'private' };
  expect(String(thrownBy(() => validateParams(params, FORMS.v2)))).not.toContain('private');
});

test('the parameters given are not changed', () => {
  const params = Object.freeze({ ...TEA, frequency: Object.freeze({ value: 1, unit: 'days' }) });
  expect(validateParams(params, FORMS['v2 subscription'])).not.toBe(params);
});
