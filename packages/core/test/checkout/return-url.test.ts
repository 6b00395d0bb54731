import { expect, test } from 'vitest';
import { placeholders, returnUrl } from '../../src/checkout/return-url.js';

test('the placeholders are what QBitFlow replaces', () => {
  expect(placeholders).toEqual({ uuid: '{{UUID}}', transactionType: '{{TRANSACTION_TYPE}}' });
});

test.each([
  ['https://shop.test', 'https://shop.test/?uuid={{UUID}}&type={{TRANSACTION_TYPE}}'],
  ['http://127.0.0.1:3000/ok', 'http://127.0.0.1:3000/ok?uuid={{UUID}}&type={{TRANSACTION_TYPE}}'],
  ['https://shop.test/ok?', 'https://shop.test/ok?uuid={{UUID}}&type={{TRANSACTION_TYPE}}'],
  ['https://shop.test/ok?a=1', 'https://shop.test/ok?a=1&uuid={{UUID}}&type={{TRANSACTION_TYPE}}'],
  ['https://shop.test/ok#top', 'https://shop.test/ok?uuid={{UUID}}&type={{TRANSACTION_TYPE}}#top'],
  [
    'https://shop.test/?a=%20b#/x?y',
    'https://shop.test/?a=%20b&uuid={{UUID}}&type={{TRANSACTION_TYPE}}#/x?y',
  ],
  [
    'https://shop.test/?session={{UUID}}',
    'https://shop.test/?session={{UUID}}&type={{TRANSACTION_TYPE}}',
  ],
  [
    'https://shop.test/?s=%7B%7BUUID%7D%7D',
    'https://shop.test/?s={{UUID}}&type={{TRANSACTION_TYPE}}',
  ],
  [
    'https://shop.test/?s=%7b%7bUUID%7d%7d',
    'https://shop.test/?s={{UUID}}&type={{TRANSACTION_TYPE}}',
  ],
  [
    'https://shop.test/o/{{UUID}}',
    'https://shop.test/o/{{UUID}}?uuid={{UUID}}&type={{TRANSACTION_TYPE}}',
  ],
  [
    'https://shop.test/#/{{UUID}}',
    'https://shop.test/?uuid={{UUID}}&type={{TRANSACTION_TYPE}}#/{{UUID}}',
  ],
])('%s → %s', (base, url) => {
  expect(returnUrl(base)).toBe(url);
  expect(returnUrl(url)).toBe(url);
});

test('names are configurable, more parameters are encoded', () => {
  expect(
    returnUrl('https://shop.test/ok', { uuid: 'session', type: false, params: { 'o&': 'a b/ü{' } }),
  ).toBe('https://shop.test/ok?session={{UUID}}&o%26=a%20b%2F%C3%BC%7B');
});

test.each([
  '/success',
  'shop.test/success',
  '',
  '//shop.test/ok',
  'ftp://shop.test/',
  'javascript:alert(1)',
  'https://user:secret@shop.test/',
  'https://{{UUID}}.shop.test/',
  'https://shop.test/?uuid=fixed',
  'https://shop.test/ok?uuid={{UUID}}?utm=1',
  'https://shop.test/ok?session=%7B%7BUUID%7D%7D.',
  'https://shop.test/ok?next=/x?id={{UUID}}',
  'https://shop.test/ok?a=1&uuid=order-{{UUID}}&b=2',
  'https://shop.test/ok?uuid={{UUID}}&type={{TRANSACTION_TYPE}}?utm=1',
  'https://shop.test/ok?uuid={{UUID}}&type=%7B%7BTRANSACTION_TYPE%7D%7D;utm=1',
  'https://shop.test/ok?uuid={{UUID}}{{TRANSACTION_TYPE}}',
])('%s is refused with a cure', (base) => {
  expect(() => returnUrl(base)).toThrow(expect.objectContaining({ code: 'invalid_checkout' }));
  expect(() => returnUrl(base)).not.toThrow(/secret/);
});

test.each(['?uuid={{UUID}}&utm=1', '?&&uuid={{UUID}}&', '?{{UUID}}', '?a&b=&uuid={{UUID}}'])(
  'an id that stands alone is taken: %s',
  (query) => {
    expect(returnUrl(`https://shop.test/ok${query}`, { type: false })).toContain(query);
  },
);

test('one name for two things is refused', () => {
  const refused = expect.objectContaining({ code: 'invalid_checkout' });
  expect(() => returnUrl('https://shop.test/', { uuid: 'x', type: 'x' })).toThrow(refused);
  expect(() => returnUrl('https://shop.test/', { params: { uuid: '1' } })).toThrow(refused);
});
