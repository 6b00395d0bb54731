import { expect, test } from 'vitest';
import type { CspAdditions } from '../../src/return-page/csp-additions.js';
import { resolveReturnOptions } from '../../src/return-page/return-options.js';
import { STATUS_PATH, openShop } from './support/shop.js';

const HASH = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='";

test('a body of the merchant’s own loads what is named, and no script', async () => {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  const { headers } = await shop.open('/r?uuid=pay@1', {
    render: () => '<h1>Thanks</h1>',
    csp: {
      'style-src': [HASH, 'https://cdn.shop.test/page.css'],
      'img-src': ["'self'", 'data:', 'https://*.shop.test:8443/img/'],
      'font-src': ['https://fonts.shop.test'],
    },
  });
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toMatch(
    /; style-src 'sha256-[^ ]+ 'sha256-47[^ ]+ https:\/\/cdn\.shop\.test\/page\.css; /,
  );
  expect(policy).toContain("; img-src 'self' data: https://*.shop.test:8443/img/; ");
  expect(policy).toContain('; font-src https://fonts.shop.test; ');
  expect(policy).toMatch(/script-src 'sha256-[^' ]+';/);
});

test.each<[string, unknown, RegExp]>([
  ['scripts', { 'script-src': ["'self'"] }, /'script-src' is no option/],
  ['a text', { 'img-src': "'self'" }, /is a list of sources/],
  ['anything', { 'img-src': ['*'] }, /'\*' is no source that this policy takes/],
  ['all of https', { 'img-src': ['https:'] }, /no source/],
  [
    'unsafe styles',
    { 'style-src': ["'unsafe-inline'"] },
    /a policy with a hash ignores 'unsafe-inline'/,
  ],
  ['styles as data', { 'style-src': ['data:'] }, /no source/],
  ['a directive of its own', { 'img-src': ["'self'; script-src *"] }, /no source/],
  ['a second source', { 'img-src': ['https://a.test https://b.test'] }, /no source/],
  ['a host without a scheme', { 'img-src': ['cdn.shop.test'] }, /no source/],
  ['self without quotes', { 'img-src': ['self'] }, /written with quotes/],
  ['a number', { 'font-src': [7] }, /a number is no source/],
])('%s are refused when the page is mounted', (_what, csp, message) => {
  const options = { page: 'success', csp: csp as CspAdditions } as const;
  expect(() => resolveReturnOptions(options)).toThrow(message);
});
