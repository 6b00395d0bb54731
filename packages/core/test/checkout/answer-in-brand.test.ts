import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { openCheckout } from '@qbitflow/core';
import { describe, expect, test } from 'vitest';
import { SHIPPED_LOCALES } from '../../src/return-page/words/catalogues.js';
import { LINK, openMerchant, PAYMENT_PATH, TEA, UUID } from './support/merchant.js';

const LOGO = `data:image/png;base64,${'Qk1m'.repeat(2_000)}`;
const brand = {
  name: 'Tea & <Sons>',
  logo: LOGO,
  accent: '#0f766e',
  homeUrl: '/shop',
  supportUrl: 'mailto:help@shop.example',
};

function form(headers: Record<string, string> = {}, url = '/buy') {
  return { method: 'POST', url, headers: { 'sec-fetch-mode': 'navigate', ...headers } };
}

type Merchant = Awaited<ReturnType<typeof openMerchant>>;

/** What the button's page can say. */
const ANSWERS: Readonly<Record<string, (merchant: Merchant, lang: string) => Promise<string>>> = {
  'goes on': async ({ kit }, lang) =>
    (await openCheckout(kit, form({}, `/buy?lang=${lang}`), () => TEA)).body,
  'has nothing to sell': async ({ kit }, lang) =>
    (await openCheckout(kit, form({}, `/buy?lang=${lang}`), () => undefined)).body,
  'cannot open it': async ({ kit }, lang) =>
    (await openCheckout(kit, form({}, `/buy?lang=${lang}`), () => ({ ...TEA, price: 0 }))).body,
  'is not served by the API': async ({ kit, api }, lang) => {
    api.on(`/v2${PAYMENT_PATH}`, { status: 403, json: {} });
    return (await openCheckout(kit, form({}, `/buy?lang=${lang}`), () => TEA)).body;
  },
};

describe.each(Object.entries(ANSWERS))('a button that %s', (_name, answer) => {
  test('shows the shop’s brand as its policy allows it, in every language, in less than 12 kB', async () => {
    const merchant = await openMerchant('v2', { brand });
    const texts = new Set<string>();
    for (const lang of SHIPPED_LOCALES) {
      const body = await answer(merchant, lang);
      expect(body).toContain(`<html lang="${lang}"`);
      expect(body).toContain(`<img src="${LOGO}" alt="Tea &amp; &lt;Sons&gt;">`);
      expect(body).toContain('href="mailto:help@shop.example"');
      expect(body).toContain('0f766e');
      expect(body).not.toContain('<script');
      expect(gzipSync(body).length).toBeLessThan(12_000);
      texts.add(/<h1>[^]*<\/h1>/.exec(body)?.[0] ?? '');
    }
    expect(texts.size).toBe(SHIPPED_LOCALES.length);
  });
});

test('the policy lets in the style and the picture of the page, and nothing else', async () => {
  const { kit } = await openMerchant('v2', { brand });
  const { headers, body } = await openCheckout(kit, form(), () => undefined);
  const style = /<style>([^]*)<\/style>/.exec(body)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  const policy = headers['content-security-policy'] ?? '';
  expect(policy).toContain(`style-src 'sha256-${hash}'`);
  expect(policy).toContain('img-src data:');
  expect(policy).toContain("default-src 'none'");
  expect(headers['vary']).toBe('accept, accept-language');
});

test('who meets an error is led back to the shop; who is sent on sees where to', async () => {
  const { kit } = await openMerchant('v2', { brand });
  const rejected = await openCheckout(kit, form(), () => undefined);
  expect(rejected.body).toContain('<a class="main" href="/shop">Back to ');
  expect(rejected.body).toContain('aria-label="Not found"');
  expect(rejected.body).toContain(
    '<title>The checkout could not be opened – Tea &amp; &lt;Sons&gt;</title>',
  );
  const sent = await openCheckout(kit, form(), () => TEA);
  expect(sent.body).toContain(`<h1><a href="${LINK}">Continue to the checkout</a></h1>`);
  expect(sent.body).toContain(new URL(LINK).host);
});

test('the browser’s language counts, of those that the shop offers', async () => {
  const { kit } = await openMerchant('v2', { locales: ['en', 'de'] });
  const ask = async (language: string) =>
    (await openCheckout(kit, form({ 'accept-language': language }), () => undefined)).body;
  expect(await ask('de-AT,fr;q=0.9')).toContain('Diese Bestellung wurde nicht gefunden');
  expect(await ask('fr')).toContain('This order could not be found');
});

test('a subscription that is there already is called one', async () => {
  const { kit, api } = await openMerchant();
  const uuid = UUID.replace('pay@', 'sub@');
  api.on(`/v2/transaction/session-checkout/${encodeURIComponent(uuid)}/status`, {
    status: 200,
    json: { status: 'completed' },
  });
  const frequency = { value: 1, unit: 'months' } as const;
  const order = {
    kind: 'subscription',
    ...TEA,
    frequency,
    reference: 'o-1',
    replaces: uuid,
  } as const;
  const { status, body } = await openCheckout(kit, form(), () => order);
  expect(status).toBe(409);
  expect(body).toContain('<h1>Subscription confirmed</h1>');
});
