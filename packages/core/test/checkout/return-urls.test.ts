import { expect, test } from 'vitest';
import { createQBitFlow } from '@qbitflow/core';
import { returnUrlsOf } from '../../src/checkout/return-urls.js';
import { thrownBy } from '../support/rejection-of.js';

const FILLED = 'uuid={{UUID}}&type={{TRANSACTION_TYPE}}';
const MOUNTED = 'https://shop.test/qbitflow';

test('the routes of our own router stand in for what is not given', () => {
  expect(returnUrlsOf({}, MOUNTED)).toEqual({
    successUrl: `${MOUNTED}/success?${FILLED}`,
    cancelUrl: `${MOUNTED}/cancel?${FILLED}`,
  });
});

test('a path goes below the mount, a full URL anywhere', () => {
  const terms = { successUrl: '/success?order=1', cancelUrl: 'https://other.test/cart' };
  expect(returnUrlsOf(terms, MOUNTED)).toEqual({
    successUrl: `${MOUNTED}/success?order=1&${FILLED}`,
    cancelUrl: `https://other.test/cart?${FILLED}`,
  });
});

test('a path never leaves the host of the mount', () => {
  const terms = { successUrl: '//evil.test/ok', cancelUrl: '/\\evil.test' };
  const { successUrl = '', cancelUrl = '' } = returnUrlsOf(terms, 'https://shop.test');
  expect([new URL(successUrl).host, new URL(cancelUrl).host]).toEqual(['shop.test', 'shop.test']);
});

test('without a mount nothing is made up', () => {
  expect(returnUrlsOf({}, undefined)).toEqual({ successUrl: undefined, cancelUrl: undefined });
});

test('a path without a mount is refused with the cure, both at once', () => {
  const message = expect.stringContaining('give createQBitFlow a publicUrl');
  const terms = { successUrl: '/success', cancelUrl: '/cancel' };
  expect(thrownBy(() => returnUrlsOf(terms, undefined))).toMatchObject({
    code: 'invalid_checkout',
    facts: {
      fieldErrors: [
        { field: 'successUrl', message },
        { field: 'cancelUrl', message },
      ],
    },
  });
});

test.each(['success', '', 'ftp://shop.test', 'https://a:b@shop.test', 'javascript:alert(1)'])(
  '%j is refused as a fault of its field',
  (successUrl) => {
    expect(thrownBy(() => returnUrlsOf({ successUrl }, MOUNTED))).toMatchObject({
      code: 'invalid_checkout',
      facts: { fieldErrors: [{ field: 'successUrl' }] },
    });
  },
);

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
  const error = thrownBy(() => createQBitFlow({ webhookSecret: 'whsec_a', publicUrl }));
  expect(error).toMatchObject({ code: 'misconfigured' });
  expect(String(error)).toContain('publicUrl');
});
