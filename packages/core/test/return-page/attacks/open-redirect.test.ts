import { expect, test } from 'vitest';
import { resolveReturnOptions } from '../../../src/return-page/return-options.js';
import { STATUS_PATH, openShop } from '../support/shop.js';

test.each(['redirect', 'returnTo', 'next', 'url', 'successUrl', 'location', 'callback'])(
  'the parameter %s sends nobody anywhere',
  async (name) => {
    const shop = await openShop();
    shop.api.on(STATUS_PATH, {
      status: 200,
      json: { status: 'completed', redirectUrl: 'https://evil.test', successUrl: '//evil.test' },
    });

    const url = `/r?uuid=pay@1&${name}=https://evil.test`;
    const { headers, body } = await shop.open(url, {}, { headers: { host: 'evil.test' } });
    const redirected = await shop.open(url, { redirects: { paid: '/thanks' } });

    expect(headers).not.toHaveProperty('location');
    expect(body).not.toContain('evil.test');
    expect(redirected.headers['location']).toBe('/thanks');
  },
);

test.each([
  'javascript:alert(1)',
  'data:text/html,x',
  '//evil.test',
  '/\\evil.test',
  '/\t/evil.test',
  '/..//evil.test',
  'thanks',
  '',
  'https:evil.test',
  'https://user:pw@evil.test/',
  'ftp://shop.test/',
])('the target %j is refused when the page is set up', (target) => {
  expect(() => resolveReturnOptions({ page: 'success', redirects: { paid: target } })).toThrow(
    expect.objectContaining({ code: 'misconfigured' }),
  );
});

test('a target with a line break cannot add a header', () => {
  const { redirects } = resolveReturnOptions({
    page: 'success',
    redirects: { paid: '/thanks\r\nset-cookie: a=b', failed: 'https://shop.test/é x' },
  });
  expect(redirects.paid).toBe('/thanksset-cookie:%20a=b');
  expect(redirects.failed).toBe('https://shop.test/%C3%A9%20x');
});
