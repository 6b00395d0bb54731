import { deepEqual, equal, match, ok } from 'node:assert/strict';
import type { CheckoutParams } from '@qbitflow/core';
import { HOSTED_PAGE, parsesBy, type AdapterCase } from './adapter-harness.js';
import { ask } from './http-client.js';

const PRICES: Readonly<Record<string, number>> = { tea: 4.5 };

/** What is sold is what the shop's own list says. */
function fromCatalogue(url: string): CheckoutParams | undefined {
  const productName = new URL(url, 'http://shop.example').searchParams.get('product') ?? '';
  const price = PRICES[productName];
  return price === undefined ? undefined : { productName, price };
}

const BUY = { what: 'checkout', path: '/buy', toParams: fromCatalogue } as const;
const TEA = '{"productName":"tea","price":4.5}';

/** A POST that opens a checkout. */
export const checkoutCases: readonly AdapterCase[] = [
  {
    name: 'checkout: a client that prefers HTML is sent to the hosted page',
    async run({ openApp }) {
      const { origin, api } = await openApp(BUY);
      const headers = { accept: 'text/html' };
      const answer = await ask(origin, '/buy?product=tea', { method: 'POST', headers });
      const said = [answer.status, answer.headers.location, answer.text];
      deepEqual(said, [303, HOSTED_PAGE, `${HOSTED_PAGE}\n`]);
      equal(answer.headers['cache-control'], 'no-store');
      deepEqual(api.opened, [TEA]);
    },
  },
  {
    name: 'checkout: a browser that sends a form gets a page that goes on by itself',
    async run({ openApp }) {
      const { origin } = await openApp(BUY);
      const headers = { accept: 'text/html', 'sec-fetch-mode': 'navigate' };
      const { status, text } = await ask(origin, '/buy?product=tea', { method: 'POST', headers });
      equal(status, 200);
      ok(text.includes(HOSTED_PAGE), 'the page leads on');
    },
  },
  {
    name: 'checkout: a program is told where it is',
    async run({ openApp }) {
      const { origin } = await openApp(BUY);
      const headers = { accept: 'application/json' };
      const { status, text } = await ask(origin, '/buy?product=tea', { method: 'POST', headers });
      deepEqual([status, JSON.parse(text)], [201, { uuid: 'pay@01a0c0c7', link: HOSTED_PAGE }]);
    },
  },
  {
    name: 'checkout: a price that is sent along counts for nothing, behind a parser too',
    needs: parsesBy('json'),
    async run({ openApp }) {
      const { origin, api } = await openApp(BUY, { parser: 'json' });
      const headers = { 'content-type': 'application/json' };
      const asking = { method: 'POST', headers, body: '{"price":0.01}' };
      equal((await ask(origin, '/buy?product=tea&price=0.01', asking)).status, 303);
      deepEqual(api.opened, [TEA]);
    },
  },
  {
    name: 'checkout: what is not sold is 400, what is not POST 405',
    async run({ openApp }) {
      const { origin, api } = await openApp(BUY);
      equal((await ask(origin, '/buy?product=gold', { method: 'POST' })).status, 400);
      const { status, headers } = await ask(origin, '/buy?product=tea');
      deepEqual([status, headers.allow], [405, 'POST']);
      deepEqual(api.opened, []);
    },
  },
  {
    name: 'checkout: code of the shop that fails is 500 without details, and no error of the framework',
    async run({ openApp }) {
      const toParams = () => {
        throw new Error('no database');
      };
      const { origin, appErrors } = await openApp({ ...BUY, toParams });
      const { status, text } = await ask(origin, '/buy?product=tea', { method: 'POST' });
      equal(status, 500);
      match(text, /The checkout could not be opened/);
      ok(!text.includes('database'), 'no details');
      deepEqual(appErrors, []);
    },
  },
];
