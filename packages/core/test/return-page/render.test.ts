import { expect, test } from 'vitest';
import { acceptsJson } from '../../src/return-page/html.js';
import { STATUS_PATH, asksForJson, openShop } from './support/shop.js';

async function paidShop() {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: { status: 'completed' } });
  return shop;
}

test("the merchant's body stands in our document, under the same headers", async () => {
  const shop = await paidShop();
  const response = await shop.open('/r?uuid=pay@1', {
    render: ({ state, uuid }) => `<h1>${state} ${uuid ?? ''}</h1>`,
  });
  expect(response.body).toContain('<main>\n<h1>paid pay@1</h1>\n</main>');
  expect(response.headers['content-security-policy']).toContain("default-src 'none'");
});

test('a render that throws or gives no text shows the default page and is reported', async () => {
  const broken = (): string => {
    throw new Error('at /srv/shop/render.js:7');
  };
  const notText: unknown = async () => Promise.reject(new Error('late'));
  for (const render of [broken, notText as () => string]) {
    const shop = await paidShop();
    const response = await shop.open('/r?uuid=pay@1', { render });
    expect(response.status).toBe(200);
    expect(response.body).toContain('Payment received');
    expect(response.body).not.toContain('render.js');
    expect(shop.logger.lines.map(({ level }) => level)).toEqual(['error']);
  }
});

test('an outcome with a configured target is a 303 for browsers, JSON callers stay', async () => {
  const shop = await paidShop();
  const options = { redirects: { paid: '/thanks?a=1#top', unknown: 'https://help.test/x' } };

  const redirected = await shop.open('/r?uuid=pay@1', options);
  expect(redirected).toMatchObject({
    status: 303,
    headers: { location: '/thanks?a=1#top' },
    body: '',
  });
  expect((await shop.open('/r?uuid=pay@2', options)).headers['location']).toBe(
    'https://help.test/x',
  );
  expect((await shop.open('/r?uuid=pay@1', options, asksForJson)).status).toBe(200);
});

test.each([
  [undefined, false],
  ['*/*', false],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', false],
  ['application/json', true],
  ['application/json, text/plain, */*', true],
  ['Application/JSON; charset=utf-8', true],
  ['text/html, application/json', false],
  ['application/json, text/html', true],
  ['application/json;q=0.5, text/html;q=0.4', true],
  ['application/json;q=0.4, text/html', false],
  ['application/json;q=0', false],
  ['application/json;q=x', false],
])('Accept: %s wants JSON: %s', (accept, wanted) => {
  expect(acceptsJson(accept)).toBe(wanted);
});
