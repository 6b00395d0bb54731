import { expect, test } from 'vitest';
import { validateParams } from '../../src/checkout/validate-params.js';
import { checkoutRulesNamed } from '../../src/protocol/checkout-rules.js';
import { thrownBy } from '../support/rejection-of.js';
import { ID, TEA } from './support/merchant.js';

const FORMS = {
  v1: { generation: checkoutRulesNamed('v1'), kind: 'payment' },
  v2: { generation: checkoutRulesNamed('v2'), kind: 'payment' },
  'v1 subscription': { generation: checkoutRulesNamed('v1'), kind: 'subscription' },
  'v2 subscription': { generation: checkoutRulesNamed('v2'), kind: 'subscription' },
} as const;

const monthly = { frequency: { value: 1, unit: 'months' } };
const product = { productUuid: ID };
const fee = { label: 'Shipping', amountUsd: 0.5 };

const accepted: [keyof typeof FORMS, object][] = [
  ['v1', TEA],
  ['v1', { productId: 0 }],
  ['v1', { productReference: 'tea', reference: 'any order, 1' }],
  ['v2', { productName: 'Te', price: 0.01 }],
  ['v2', { productName: '🍵'.repeat(100), price: 1, description: 'Té' }],
  ['v2', { ...product, reference: 'A-z.0_9:@', expiresInMinutes: 1440 }],
  ['v2', { productReference: 'tea', customerReference: 'c', reference: undefined }],
  ['v2', { ...product, productUuid: product.productUuid.toUpperCase(), fees: { items: [fee] } }],
  ['v2', { ...TEA, productName: "Tom's Tee & Töchter, 5 % (+$1)" }],
  ['v2', { ...TEA, fees: { processingFee: false, items: Array.from({ length: 10 }, () => fee) } }],
  ['v2', { ...TEA, fees: { items: [{ ...fee, description: '', amountUsd: 1_000_000 }] } }],
  ['v2', { ...TEA, fees: {}, customerUuid: product.productUuid, replaces: 'pay@1' }],
  ['v1', { ...TEA, productName: 'Tea <b>; "x"', customerUuid: 'c', customerReference: undefined }],
  ['v1 subscription', { ...TEA, ...monthly, minPeriods: 1001 }],
  ['v1 subscription', { ...TEA, frequency: { value: 1, unit: 'years' }, minPeriods: 0 }],
  ['v1 subscription', { ...TEA, frequency: { value: 1, unit: 'seconds' } }],
  ['v2 subscription', { ...TEA, trialPeriod: { value: 0 }, minPeriods: 0 }],
  ['v2 subscription', { ...TEA, frequency: { value: 5, unit: 'minutes' } }],
  ['v2 subscription', { ...TEA, frequency: { value: 12, unit: 'months' }, minPeriods: 1000 }],
  ['v2 subscription', { ...TEA, frequency: { value: 365, unit: 'days' } }],
  ['v2 subscription', TEA],
  ['v2 subscription', { ...TEA, trialPeriod: { value: 1, unit: 'years' }, minPeriods: 1 }],
];

test.each(accepted)('%s takes %j', (form, params) => {
  expect(validateParams(params, FORMS[form])).toEqual(params);
});

function withFee(changes: object): object {
  return { ...TEA, fees: { items: [fee, { ...fee, ...changes }] } };
}

const refused: [keyof typeof FORMS, object, string, string][] = [
  ['v2', {}, 'productUuid', 'exactly one of productUuid, productReference, or productName with'],
  ['v1', {}, 'productId', 'exactly one of productId'],
  ['v2', { ...product, productReference: 'r' }, 'productUuid', 'exactly one'],
  ['v2', { productReference: 'r', description: 'It is' }, 'description', 'so leave it out'],
  ['v2', { productUuid: 'p' }, 'productUuid', 'an id of your own goes into productReference'],
  ['v2', { productUuid: `{${product.productUuid}}` }, 'productUuid', 'must be a UUID'],
  ['v2', { ...TEA, customerUuid: 'user-7' }, 'customerUuid', 'goes into customerReference'],
  ['v2', { ...TEA, customerReference: 'me@shop.test ' }, 'customerReference', '1 to 100 of A-Z'],
  ...[
    '\n',
    '\u0000',
    '\u0085',
    '<',
    '>',
    '{',
    '}',
    '[',
    ']',
    '\\',
    '|',
    ';',
    '"',
    '~',
    '^',
    '`',
  ].flatMap((sign): [keyof typeof FORMS, object, string, string][] => [
    ['v2', { ...TEA, productName: `Tea${sign}2` }, 'productName', 'QBitFlow does not take'],
    ['v2 subscription', { ...TEA, description: `a${sign}b` }, 'description', 'does not take'],
  ]),
  ['v2', { ...TEA, productName: 'Half \ud83c' }, 'productName', 'does not take'],
  ['v2', { productName: 'Tea' }, 'price', 'is missing'],
  ['v2', { price: 1 }, 'productName', 'is missing'],
  ['v1', { productName: 'Tea', price: 1 }, 'description', 'is missing'],
  ['v1', { ...TEA, description: 'x' }, 'description', 'must be 2 to 500 characters long'],
  ['v2', { ...TEA, description: 'x'.repeat(501) }, 'description', '2 to 500 characters'],
  ['v2', { ...TEA, productName: 'T' }, 'productName', '2 to 100 characters'],
  ['v2', { ...TEA, productName: 'T'.repeat(101) }, 'productName', '2 to 100 characters'],
  ['v2', { ...TEA, price: 0 }, 'price', 'more than 0'],
  ['v2', { ...TEA, price: -1 }, 'price', 'more than 0'],
  ['v2', { ...TEA, price: Number.NaN }, 'price', 'a number of USD'],
  ['v2', { ...TEA, price: Number.POSITIVE_INFINITY }, 'price', 'a number of USD'],
  ['v2', { ...TEA, price: '4.50' }, 'price', 'a number of USD'],
  ['v2', { ...TEA, price: 0.000_000_4 }, 'price', 'at least 0.000001 USD'],
  ['v1', { ...TEA, price: Number.MIN_VALUE }, 'price', 'at least 0.000001 USD'],
  ['v2', { ...TEA, description: '' }, 'description', '2 to 500 characters'],
  ['v2', { ...TEA, replaces: '' }, 'replaces', 'exactly as QBitFlow gave it'],
  ['v1', { ...TEA, replaces: '..' }, 'replaces', 'exactly as QBitFlow gave it'],
  ['v2', { ...TEA, replaces: { uuid: 'pay@1' } }, 'replaces', 'must be a text'],
  ['v2', { ...TEA, fees: 2 }, 'fees', 'must be { processingFee?, items? }'],
  ['v2', { ...TEA, fees: [fee] }, 'fees', 'must be { processingFee?, items? }'],
  ['v2', { ...TEA, fees: { items: fee } }, 'fees.items', 'must be a list'],
  ['v2', { ...TEA, fees: { items: [7] } }, 'fees.items.0', 'must be { label, amountUsd'],
  ['v2', { ...TEA, fees: { shipping: 2 } }, 'fees.shipping', 'is not known'],
  ['v2', { ...TEA, fees: { processingFee: 'yes' } }, 'fees.processingFee', 'true or false'],
  [
    'v2',
    { ...TEA, fees: { items: Array.from({ length: 11 }, () => fee) } },
    'fees.items',
    'at most 10',
  ],
  ['v2', withFee({ label: '' }), 'fees.items.1.label', '1 to 40 characters'],
  ['v2', withFee({ label: 'x'.repeat(41) }), 'fees.items.1.label', '1 to 40 characters'],
  ['v2', withFee({ label: 'two\nlines' }), 'fees.items.1.label', 'must be one line'],
  ['v2', withFee({ label: 'two\u2028lines' }), 'fees.items.1.label', 'must be one line'],
  ['v2', withFee({ description: 'x'.repeat(201) }), 'fees.items.1.description', '0 to 200'],
  ['v2', withFee({ price: 1 }), 'fees.items.1.price', 'is not known'],
  ...[
    0,
    -1,
    0.001,
    2.505,
    1_000_000.01,
    Number.NaN,
    Infinity,
    '',
    '0',
    '2,50',
    '2.505',
    '1e2',
    ' 2',
    '-1',
    null,
    undefined,
    true,
  ].map((amountUsd): [keyof typeof FORMS, object, string, string] => [
    'v2',
    withFee({ amountUsd }),
    'fees.items.1.amountUsd',
    'at most 2 decimals',
  ]),
  ['v2 subscription', { ...TEA, fees: { items: [fee] } }, 'fees', 'is for payments'],
  ['v1', { ...TEA, fees: { items: [fee] } }, 'fees', 'belongs to v2'],
  ['v2', { ...TEA, reference: 'order 1' }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: '' }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: 'x'.repeat(101) }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: 'order\n' }, 'reference', '1 to 100 of A-Z'],
  ['v2', { ...TEA, reference: 12 }, 'reference', 'must be a text'],
  ['v2', { ...TEA, expiresInMinutes: 9 }, 'expiresInMinutes', '10 to 1440'],
  ['v2', { ...TEA, expiresInMinutes: 1441 }, 'expiresInMinutes', '10 to 1440'],
  ['v2', { ...TEA, expiresInMinutes: 10.5 }, 'expiresInMinutes', 'whole number'],
  ['v2', { ...TEA, customerUuid: ID, customerReference: 'b' }, 'customerReference', 'not both'],
  ['v2', { ...TEA, customerUuid: null }, 'customerUuid', 'must be a text'],
  ['v1', { productId: 1.5 }, 'productId', "must be a product's number"],
  ['v1', { productId: '7' }, 'productId', "must be a product's number"],
  ['v1 subscription', TEA, 'frequency', 'must be { value, unit }'],
  [
    'v1 subscription',
    { ...TEA, frequency: { value: 1, unit: 'decades' } },
    'frequency.unit',
    'must be one of seconds, minutes, hours, days, weeks, months, years',
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
  ...[
    [299, 'seconds', 'at least 5 minutes'],
    [4, 'minutes', 'at least 5 minutes'],
    [13, 'months', 'at most a year'],
    [366, 'days', 'at most a year'],
    [53, 'weeks', 'at most a year'],
    [2, 'years', 'at most a year'],
  ].map(([value, unit, words]): [keyof typeof FORMS, object, string, string] => [
    'v2 subscription',
    { ...TEA, frequency: { value, unit } },
    'frequency',
    String(words),
  ]),
  ['v2 subscription', { ...TEA, trialPeriod: { value: 1 } }, 'trialPeriod.unit', 'is missing'],
  ['v1 subscription', { ...TEA, ...monthly, trialPeriod: { value: 2 } }, 'trialPeriod.unit', 'is'],
  [
    'v2 subscription',
    { ...TEA, trialPeriod: { value: -1, unit: 'days' } },
    'trialPeriod.value',
    '0',
  ],
  ['v2 subscription', { ...TEA, trialPeriod: 0 }, 'trialPeriod', '0 for no trial'],
  ['v2 subscription', { ...TEA, minPeriods: 1001 }, 'minPeriods', '0 to 1000'],
  ['v2 subscription', { ...TEA, minPeriods: -1 }, 'minPeriods', '0 to 1000'],
  ['v2 subscription', { ...TEA, minPeriods: 1.5 }, 'minPeriods', 'whole number'],
];

test.each(refused)('%s refuses %j at %s', (form, params, field, words) => {
  const error = thrownBy(() => validateParams(params, FORMS[form]));
  expect(error).toMatchObject({
    code: 'invalid_checkout',
    facts: { fieldErrors: [{ field, message: expect.stringContaining(words) }] },
  });
});

test('all faults are told at once, those of the return URLs and of what belongs together too', () => {
  const params = {
    productName: 'T',
    price: 0,
    customerUUID: 'c',
    reference: 'ü',
    fees: { items: [{ label: 'a\nb', amountUsd: '1.234' }] },
    successUrl: 'shop.test/ok',
    productReference: 'tea',
  };
  expect(thrownBy(() => validateParams(params, FORMS.v2))).toMatchObject({
    facts: {
      fieldErrors: [
        { field: 'productName' },
        { field: 'price' },
        { field: 'reference' },
        { field: 'fees.items.0.label' },
        { field: 'fees.items.0.amountUsd' },
        { field: 'customerUUID' },
        { field: 'successUrl' },
        { field: 'productUuid' },
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

test.each([
  [0.1 + 0.2, 0.3],
  [4.35 * 100, 435],
  [Array.from({ length: 10 }, () => 0.1).reduce((sum, price) => sum + price), 1],
  [1 / 3, 0.333_333],
  [0.001, 0.001],
  [19.99, 19.99],
  [1e21, 1e21],
])('a price of %d is what can be charged: %d', (price, charged) => {
  expect(validateParams({ ...TEA, price }, FORMS.v2)).toMatchObject({ price: charged });
  expect(validateParams({ ...TEA, price }, FORMS.v1)).toMatchObject({ price: charged });
});

test.each([
  ['2.5', 2.5],
  ['2.50', 2.5],
  [0.1 + 0.2, 0.3],
  [999_999.99, 999_999.99],
  ['1000000.00', 1_000_000],
  [1.005 * 100, 100.5],
])('a fee of %s is %d', (amountUsd, charged) => {
  const params = { ...TEA, fees: { items: [{ ...fee, amountUsd }] } };
  expect(validateParams(params, FORMS.v2).fees?.items?.[0]?.amountUsd).toBe(charged);
});

test('a trial that is switched off has no unit, whichever was given', () => {
  const params = { ...TEA, trialPeriod: { value: 0, unit: 'days' } };
  expect(validateParams(params, FORMS['v2 subscription']).trialPeriod).toEqual({ value: 0 });
});

test.each<[string, object, object, string[]]>([
  ['a price', { price: 5.01 }, {}, ['price']],
  ['a price with fees', { price: 4.5 }, { items: [fee, { ...fee, amountUsd: '0.01' }] }, ['price']],
  ['just the cap', { price: 4.5 }, { items: [fee] }, []],
  [
    'floating point noise at the cap',
    { price: 4.7 },
    { items: [{ ...fee, amountUsd: 0.1 + 0.2 }] },
    [],
  ],
  ['a processing fee, whose amount is not known', { price: 5 }, { processingFee: true }, []],
])('price plus fees are capped where the key says test: %s', (_name, price, fees, fields) => {
  const params = { ...TEA, ...price, fees };
  const faultsIn = (mode: 'live' | 'test' | undefined) => {
    try {
      validateParams(params, { ...FORMS.v2, mode });
      return [];
    } catch (error) {
      const { facts } = Object(error);
      return facts.fieldErrors.map((fault: { field: string }) => fault.field);
    }
  };
  expect([faultsIn('test'), faultsIn('live'), faultsIn(undefined)]).toEqual([fields, [], []]);
});

test('live mode bills every hour at the most', () => {
  const params = { ...TEA, frequency: { value: 59, unit: 'minutes' } };
  const live = { ...FORMS['v2 subscription'], mode: 'live' } as const;
  expect(thrownBy(() => validateParams(params, live))).toMatchObject({
    facts: {
      fieldErrors: [
        { field: 'frequency', message: expect.stringContaining('an hour in live mode') },
      ],
    },
  });
  const hourly = { ...TEA, frequency: { value: 1, unit: 'hours' } };
  expect(validateParams(hourly, live)).toEqual(hourly);
});

test('a BigInt is no amount', () => {
  const params = { ...TEA, price: 4n, fees: { items: [{ ...fee, amountUsd: 1n }] } };
  expect(thrownBy(() => validateParams(params, FORMS.v2))).toMatchObject({
    facts: { fieldErrors: [{ field: 'price' }, { field: 'fees.items.0.amountUsd' }] },
  });
});
