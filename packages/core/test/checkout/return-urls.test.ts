import { expect, test } from 'vitest';
import { createQBitFlow } from '@qbitflow/core';
import { returnUrlsOf } from '../../src/checkout/validate-params.js';
import { checkoutRulesNamed } from '../../src/protocol/checkout-rules.js';
import { thrownBy } from '../support/rejection-of.js';
import { openMerchant, TEA } from './support/merchant.js';

const FILLED = 'uuid={{UUID}}&type={{TRANSACTION_TYPE}}';
const MOUNTED = 'https://shop.test/qbitflow';

const HERE = { generation: checkoutRulesNamed('v2'), kind: 'payment', publicUrl: MOUNTED } as const;
const NOWHERE = { ...HERE, publicUrl: undefined };

test('the routes of our own router stand in for what is not given', () => {
  expect(returnUrlsOf({}, HERE)).toEqual({
    urls: { successUrl: `${MOUNTED}/success?${FILLED}`, cancelUrl: `${MOUNTED}/cancel?${FILLED}` },
    faults: [],
  });
});

test('a path goes below the mount, a full URL anywhere', () => {
  const terms = { successUrl: '/success?order=1', cancelUrl: 'https://other.test/cart' };
  expect(returnUrlsOf(terms, HERE).urls).toEqual({
    successUrl: `${MOUNTED}/success?order=1&${FILLED}`,
    cancelUrl: `https://other.test/cart?${FILLED}`,
  });
});

test('a path never leaves the host of the mount', () => {
  const terms = { successUrl: '//evil.test/ok', cancelUrl: '/\\evil.test' };
  const { urls } = returnUrlsOf(terms, { ...HERE, publicUrl: 'https://shop.test' });
  const { successUrl = '', cancelUrl = '' } = urls;
  expect([new URL(successUrl).host, new URL(cancelUrl).host]).toEqual(['shop.test', 'shop.test']);
});

test('without a mount nothing is made up', () => {
  expect(returnUrlsOf({}, NOWHERE)).toEqual({ urls: {}, faults: [] });
});

test('a path without a mount is refused with the cure, both at once', () => {
  const message = expect.stringContaining('give createQBitFlow a publicUrl');
  const terms = { successUrl: '/success', cancelUrl: '/cancel' };
  expect(returnUrlsOf(terms, NOWHERE)).toEqual({
    urls: {},
    faults: [
      { field: 'successUrl', message },
      { field: 'cancelUrl', message },
    ],
  });
});

test.each(['success', '', 'ftp://shop.test', 'https://a:b@shop.test', 'javascript:alert(1)'])(
  '%j is refused as a fault of its field',
  (successUrl) => {
    expect(returnUrlsOf({ successUrl }, HERE).faults).toMatchObject([{ field: 'successUrl' }]);
  },
);

test('the longest URL counts with its placeholders, on v2', () => {
  const added = `?${FILLED}`.length;
  const urlOf = (length: number) => `https://shop.test/${'x'.repeat(length - 18 - added)}`;
  expect(returnUrlsOf({ successUrl: urlOf(2048) }, HERE).faults).toEqual([]);
  expect(returnUrlsOf({ successUrl: urlOf(2049) }, HERE).faults).toEqual([
    { field: 'successUrl', message: expect.stringContaining('2049 characters long') },
  ]);
  const v1 = { ...HERE, generation: checkoutRulesNamed('v1') } as const;
  expect(returnUrlsOf({ successUrl: urlOf(2049) }, v1).faults).toEqual([]);
});

test.each([
  [
    'live',
    { successUrl: 'http://shop.test/ok', cancelUrl: 'https://shop.test/no' },
    ['successUrl'],
  ],
  ['live', { successUrl: 'HTTPS://shop.test/ok', cancelUrl: '/no' }, []],
  ['test', { successUrl: 'http://shop.test/ok', cancelUrl: 'http://localhost:3000/no' }, []],
  [undefined, { successUrl: 'http://shop.test/ok' }, []],
] as const)('in mode %s %j has the faults %j', (mode, terms, fields) => {
  const { faults } = returnUrlsOf(terms, { ...HERE, mode });
  expect(faults.map(({ field }) => field)).toEqual(fields);
});

test('a shop without https is told so in live mode, whoever gave the URL', () => {
  const form = { ...HERE, mode: 'live', publicUrl: 'http://shop.test' } as const;
  expect(returnUrlsOf({}, form).faults).toMatchObject([
    { field: 'successUrl', message: expect.stringContaining('https:// in live mode') },
    { field: 'cancelUrl' },
  ]);
});

test.each([
  '/qbitflow',
  'shop.test',
  'ftp://shop.test',
  'https://shop.test/?a=1',
  'https://shop.test/#top',
  'https://user:pass@shop.test',
  'https://',
  'https://{{UUID}}.shop.test',
  '',
])('a publicUrl like %j is refused at creation', (publicUrl) => {
  const error = thrownBy(() =>
    createQBitFlow({ logger: false, webhookSecret: 'whsec_a', publicUrl }),
  );
  expect(error).toMatchObject({ code: 'misconfigured' });
  expect(String(error)).toContain('publicUrl');
});

test('checkouts that bring nobody back are told of, once', async () => {
  const { kit, logger } = await openMerchant();
  for (const reference of ['one', 'two']) await kit.checkout.createPayment({ ...TEA, reference });
  const lines = logger.lines.filter(({ facts }) => facts['code'] === 'checkout_without_return');
  expect(lines).toMatchObject([
    { level: 'warn', message: expect.stringContaining('give createQBitFlow a publicUrl') },
  ]);
});

test.each([
  ['a publicUrl', { publicUrl: 'https://shop.example/qbitflow' }, {}],
  ['an address of its own', {}, { successUrl: 'https://shop.example/thanks' }],
])('nothing is told of checkouts with %s', async (_what, options, params) => {
  const { kit, logger } = await openMerchant('v2', options);
  await kit.checkout.createPayment({ ...TEA, ...params });
  expect(logger.lines.filter(({ level }) => level === 'warn')).toEqual([]);
});
