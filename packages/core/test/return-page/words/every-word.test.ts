import { createQBitFlow, type HttpRequest, type QBitFlow } from '@qbitflow/core';
import { fixtures, signDelivery } from '@qbitflow/core/testing';
import { expect, onTestFinished, test } from 'vitest';
import type { Catalogue } from '../../../src/return-page/words/catalogue.js';
import { words as english } from '../../../src/return-page/words/languages/en.js';
import { SLOTS } from '../../../src/return-page/words/slots.js';

/** English with every word's name in front of it: what is shown of a page says which words it is made of. */
const marked = Object.fromEntries(
  Object.entries(english).map(([name, word]: [string, string | object]) => [
    name,
    typeof word === 'string' ? `⟦${name}⟧${word}` : { 1: `⟦${name}⟧`, other: `⟦${name}⟧{count}` },
  ]),
) as unknown as Catalogue;

test('words of a merchant are held against the words that there are, and what is filled into them', () => {
  const slots = Object.entries(english).map(([name, word]: [string, string | object]) => [
    name,
    typeof word === 'string'
      ? new Set([...word.matchAll(/\{(\w+)\}/g)].map(([, slot]) => slot))
      : 'counted',
  ]);
  const expected = Object.entries(SLOTS).map(([name, known]) => [
    name,
    typeof known === 'string' ? known : new Set(known),
  ]);
  expect(Object.fromEntries(slots)).toEqual(Object.fromEntries(expected));
});

const PAY = 'pay@01a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f';
const SUB = 'sub@02b1d1d8-6b7c-4d8e-9fa0-1b2c3d4e5f60';
const HASH = `0x${'9f2c'.repeat(16)}`;
const SECRET = 'whsec_words';
const LINK = 'https://checkout.qbitflow.test/pay';

/** What the API answers, by the end of a path: a body or a status; nothing is a 404, and `away` no answer at all. */
type Api = Readonly<Record<string, object | 'away' | number>>;

const PAYMENT = {
  uuid: PAY,
  name: 'Tea',
  reference: 'ORDER-7',
  price: 4.5,
  amount: 4.5,
  amountMinUnits: '4500000',
  currency: { symbol: 'USDC', decimals: 6 },
  chain: 'BASE',
  txHash: HASH,
  explorerUrl: 'https://chain.test/tx',
  confirmedAt: '2026-11-20T16:05:42Z',
  test: true,
};
const SUBSCRIPTION = {
  uuid: SUB,
  priceUsd: '12.00',
  frequency: { value: 1, unit: 'months' },
  status: 'trial',
  currentPeriodEnd: '2026-12-04T16:05:42Z',
  nextBillingDate: '2026-12-04T16:05:42Z',
};

function openKit(api: Api, generation: 'v1' | 'v2' = 'v2'): QBitFlow {
  const kit = createQBitFlow({
    apiKey: 'sk_test_words',
    baseUrl: `https://api.invalid/${generation}`,
    webhookSecret: SECRET,
    logger: false,
    brand: { name: 'Kumo', homeUrl: '/', supportUrl: '/help' },
    locales: [{ locale: 'en', words: marked }],
    fetch: async (input) => {
      const path = new URL(input instanceof Request ? input.url : String(input)).pathname;
      const answer = Object.entries(api).find(([end]) => path.endsWith(end))?.[1];
      if (answer === 'away') throw new TypeError('fetch failed');
      if (answer === undefined) return Response.json({ error: 'no' }, { status: 404 });
      if (typeof answer === 'number') return Response.json({ error: 'no' }, { status: answer });
      return Response.json(answer);
    },
  });
  onTestFinished(async () => kit.close());
  return kit;
}

function get(url: string): HttpRequest {
  return { method: 'GET', url, headers: {} };
}

/** What a customer is shown who comes back, on both pages. */
async function returned(kit: QBitFlow, uuid: string): Promise<string> {
  const bodies = [];
  for (const page of ['success', 'cancel'] as const) {
    const request = get(`/${page}?uuid=${encodeURIComponent(uuid)}`);
    bodies.push((await kit.handleReturn(request, { page, retryUrl: '/again' })).body);
  }
  return bodies.join('');
}

const status = (text: string, more: object = {}) => ({ '/status': { status: text, ...more } });

/** Of a unit, where one of it is too short to be a period; an odd number, which is none of a larger unit. */
const LENGTHS: Readonly<Record<string, number>> = { seconds: 3_601, minutes: 61 };

/** Every way in which a customer can meet a page, and what is shown then. */
const LOOKS: Readonly<Record<string, () => Promise<string>>> = {
  paid: async () => {
    const kit = openKit({
      ...status('completed'),
      '/payment/pay%4001a0c0c7-5a6b-4c7d-8e9f-0a1b2c3d4e5f': PAYMENT,
    });
    const data = { uuid: PAY, managementPageLink: 'https://qbitflow.test/manage' };
    const body = fixtures.v2['payment.completed']({ data });
    const signed = signDelivery({ version: 'v2', body, secret: SECRET });
    const request = { method: 'POST', url: '/webhook', headers: signed.headers };
    await kit.handleWebhook({ ...request, rawBody: signed.body });
    return returned(kit, PAY);
  },
  subscribed: async () => {
    const kit = openKit({
      ...status('completed'),
      '/subscription/sub%4002b1d1d8-6b7c-4d8e-9fa0-1b2c3d4e5f60': SUBSCRIPTION,
    });
    const data = { ...SUBSCRIPTION, managementPageLink: 'https://qbitflow.test/manage' };
    const body = fixtures.v2['subscription.created']({ data });
    const signed = signDelivery({ version: 'v2', body, secret: SECRET });
    const request = { method: 'POST', url: '/webhook', headers: signed.headers };
    await kit.handleWebhook({ ...request, rawBody: signed.body });
    return returned(kit, SUB);
  },
  'to pay': async () => {
    const kit = openKit({
      ...status('created'),
      '/new/payment': { uuid: PAY, link: LINK },
    });
    await kit.checkout.createPayment({ productName: 'Tea', description: 'A tin', price: 4.5 });
    return returned(kit, PAY);
  },
  'to subscribe': async () => returned(openKit(status('created')), SUB),
  sent: async () => returned(openKit(status('waitingConfirmation')), PAY),
  confirming: async () => returned(openKit(status('waitingConfirmation', { txHash: HASH })), PAY),
  'in a way that is not known yet': async () => returned(openKit(status('novel')), PAY),
  'an attempt that failed': async () =>
    returned(openKit(status('created', { lastAttempt: { status: 'failed' } })), PAY),
  expired: async () => returned(openKit(status('expired')), PAY),
  failed: async () => returned(openKit(status('failed'), 'v1'), PAY),
  unknown: async () => returned(openKit({}), PAY),
  invalid: async () => returned(openKit({}), ''),
  'the API away': async () => returned(openKit({ '/status': 'away' }), PAY),
  'a crowd': async () => returned(openKit({ '/status': 429 }), PAY),
  periods: async () => {
    const pages = [];
    for (const unit of [
      'seconds',
      'minutes',
      'hours',
      'days',
      'weeks',
      'months',
      'years',
    ] as const) {
      const kit = openKit({ ...status('created'), '/new/subscription': { uuid: SUB, link: LINK } });
      await kit.checkout.createSubscription({
        productName: 'Tea',
        description: 'A tin',
        price: 4.5,
        frequency: { value: LENGTHS[unit] ?? 1, unit },
        trialPeriod: { value: 3, unit: 'days' },
      });
      pages.push(await returned(kit, SUB));
    }
    return pages.join('');
  },
  'the checkout': async () => {
    const post: HttpRequest = {
      method: 'POST',
      url: '/buy',
      headers: { 'sec-fetch-mode': 'navigate' },
    };
    const tea = { productName: 'Tea', description: 'A tin', price: 4.5 };
    const open = openKit({ '/new/payment': { uuid: PAY, link: LINK } });
    const away = openKit({ '/new/payment': 403 });
    const answers = [
      await open.handleCheckout(post, () => tea),
      await open.handleCheckout(post, () => undefined),
      await open.handleCheckout(post, () => ({ ...tea, price: -1 })),
      await away.handleCheckout(post, () => tea),
    ];
    return answers.map(({ body }) => body).join('');
  },
};

test('every word of the catalogue is shown to someone, and nothing else has to be translated', async () => {
  const pages = await Promise.all(Object.values(LOOKS).map(async (look) => look()));
  const shown = new Set(pages.join('').match(/(?<=⟦)\w+(?=⟧)/g));
  expect([...shown].toSorted()).toEqual(Object.keys(english).toSorted());
});
