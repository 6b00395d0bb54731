import { assert, integer, property } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createQBitFlow } from '../../src/index.js';
import { checkBrand, type Brand } from '../../src/return-page/brand.js';
import { accentColors, BACKGROUNDS, contrast } from '../../src/return-page/colors.js';
import { STATUS_PATH, openShop } from './support/shop.js';

const SVG = `data:image/svg+xml;base64,${Buffer.from('<svg/>').toString('base64')}`;

async function pageWith(options: object, status: object = { status: 'completed' }) {
  const shop = await openShop();
  shop.api.on(STATUS_PATH, { status: 200, json: status });
  return shop.open('/r?uuid=pay@1', options);
}

test('the page is the shop’s: its name in the title, its logo, a way home and a way to help', async () => {
  const brand = {
    name: 'Tea & <Co>',
    logo: SVG,
    homeUrl: '/?from=qbitflow&a=1',
    supportUrl: 'mailto:help@shop.test',
  };
  const { body, headers } = await pageWith({ brand });
  expect(body).toContain('<title>Payment received – Tea &amp; &lt;Co&gt;</title>');
  expect(body).toContain(`<header><img src="${SVG}" alt="Tea &amp; &lt;Co&gt;"></header>`);
  expect(body).toContain('href="/?from=qbitflow&amp;a=1">Back to Tea &amp; &lt;Co&gt;</a>');
  expect(body).toContain('<a href="mailto:help@shop.test">Contact Tea &amp; &lt;Co&gt;</a>');
  expect(headers['content-security-policy']).toContain('; img-src data:; ');
});

test.each([
  ['/logo.svg', "img-src 'self';"],
  ['https://cdn.shop.test/logo.svg?v=1', 'img-src https://cdn.shop.test;'],
  [undefined, "connect-src 'self'; frame-ancestors"],
])('a logo from %s is all that the page may load', async (logo, policy) => {
  const { headers } = await pageWith({ brand: { name: 'Tea', logo } });
  expect(headers['content-security-policy']).toContain(policy);
});

test.each(['paid', 'waiting', 'failed', 'expired', 'unknown', 'invalid'] as const)(
  'there is a way back to the shop when it is %s',
  async (state) => {
    const statuses = {
      paid: 'completed',
      waiting: 'created',
      failed: 'failed',
      expired: 'expired',
    };
    const shop = await openShop('v1');
    shop.api.on('/v1/transaction/status', {
      status: state === 'unknown' ? 404 : 200,
      json: { status: Reflect.get(statuses, state), error: 'no' },
    });
    const url = state === 'invalid' ? '/r' : '/r?uuid=pay@1';
    const { body } = await shop.open(url, { brand: { name: 'Tea', homeUrl: '/' } });
    expect(body).toContain('href="/">Back to Tea</a>');
  },
);

test.each<[string, object, string | undefined]>([
  ['expired', { status: 'expired' }, '/again?order=pay%401'],
  ['failed', { status: 'created', lastAttempt: { status: 'failed' } }, '/again?order=pay%401'],
  ['paid', { status: 'completed' }, undefined],
  ['on its way', { status: 'waitingConfirmation' }, undefined],
])('a checkout that is %s leads on to: %s', async (_what, status, expected) => {
  const { body } = await pageWith({ retryUrl: '/again?order={{UUID}}' }, status);
  expect(/href="([^"]*)">Try again/.exec(body)?.[1]).toBe(expected);
});

test('what the kit says of all pages a page can say otherwise', async () => {
  const kit = createQBitFlow({
    webhookSecret: 'whsec_a',
    brand: { name: 'Tea', accent: '#0F7' },
    locales: ['de'],
  });
  expect(kit.resolveReturnOptions({ page: 'success' })).toMatchObject({
    brand: { name: 'Tea', accent: '#0f7' },
    locales: ['de'],
  });
  const own = kit.resolveReturnOptions({
    page: 'cancel',
    brand: { name: 'Coffee' },
    locales: ['fr'],
  });
  expect(own).toMatchObject({ brand: { name: 'Coffee' }, locales: ['fr'] });
  await kit.close();
});

describe('what cannot be shown is said when the page is mounted', () => {
  test.each<[string, unknown, RegExp]>([
    ['no object', 'Tea', /brand: options are an object/],
    ['no name', { accent: '#fff' }, /brand\.name is the shop's name/],
    ['an empty name', { name: ' ' }, /brand\.name/],
    ['a long name', { name: 'x'.repeat(61) }, /1 to 60 characters/],
    ['a typing slip', { name: 'Tea', acent: '#fff' }, /did you mean accent\?/],
    ['a colour’s name', { name: 'Tea', accent: 'teal' }, /accent is no colour: write it as #rgb/],
    ['a colour with more in it', { name: 'Tea', accent: '#fff;}body{' }, /accent is no colour/],
    ['a script', { name: 'Tea', homeUrl: 'javascript:alert(1)' }, /homeUrl is no place/],
    ['a hidden script', { name: 'Tea', homeUrl: ' java\nscript:alert(1)' }, /homeUrl is no place/],
    ['a foreign host', { name: 'Tea', homeUrl: '//evil.test' }, /homeUrl is no place/],
    ['credentials', { name: 'Tea', homeUrl: 'https://a:b@shop.test' }, /without credentials/],
    ['support by script', { name: 'Tea', supportUrl: 'javascript:1' }, /a mailto: or tel: URL/],
    ['a page as logo', { name: 'Tea', logo: 'data:text/html,<script>' }, /logo is no picture/],
    [
      'a logo that ends the attribute',
      { name: 'Tea', logo: 'data:image/png;base64,"><b>' },
      /picture/,
    ],
    ['a script as logo', { name: 'Tea', logo: 'javascript:1' }, /logo is no place/],
    [
      'a huge logo',
      { name: 'Tea', logo: `data:image/png;base64,${'A'.repeat(20_000)}` },
      /logo has 20022 characters.*8192.*make the picture smaller/,
    ],
  ])('%s', (_what, brand, message) => {
    const given = brand as Brand;
    expect(() => checkBrand('the success page', given)).toThrow(message);
    expect(() => createQBitFlow({ webhookSecret: 'whsec_a', brand: given })).toThrow(message);
  });

  test.each([
    ['javascript:alert(1)', /retryUrl is no place/],
    ['//evil.test/{{UUID}}', /retryUrl is no place/],
  ])('retryUrl %s', async (retryUrl, message) => {
    await expect(pageWith({ retryUrl })).rejects.toThrow(message);
  });
});

test('whatever the accent is, links and buttons can be read, on light and on dark', () => {
  const channel = integer({ min: 0, max: 255 });
  assert(
    property(channel, channel, channel, (red, green, blue) => {
      const hex = [red, green, blue].map((part) => part.toString(16).padStart(2, '0')).join('');
      const colors = accentColors(`#${hex}`);
      for (const mode of ['light', 'dark'] as const) {
        const { text, fill, onFill, edge } = colors[mode];
        expect(fill).toBe(`#${hex}`);
        const { card, page } = BACKGROUNDS[mode];
        for (const behind of [card, page])
          expect(contrast(text, behind)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(onFill, fill)).toBeGreaterThanOrEqual(4.5);
        expect(contrast(edge, card)).toBeGreaterThanOrEqual(3);
      }
    }),
  );
});

test('the contrast is what WCAG calls it', () => {
  expect(contrast('#000', '#fff')).toBeCloseTo(21);
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2);
  expect(accentColors('#fff').light.text).not.toBe('#ffffff');
});
