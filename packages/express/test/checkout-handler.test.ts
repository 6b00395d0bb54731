import { type CheckoutParams, createQBitFlow } from '@qbitflow/core';
import type { Request } from 'express';
import { describe, expect, onTestFinished, test } from 'vitest';
import supertest from 'supertest';
import { checkoutHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';

const LINK = 'https://checkout.qbitflow.test/pay@01a0c0c7';
const PRICES: Readonly<Record<string, number>> = { tea: 4.5 };

describe.each(frameworks)('%s', (_name, express) => {
  /** A shop whose prices are its own, whatever the browser says. */
  async function openShop(toParams: (request: Request) => CheckoutParams | undefined) {
    const bodies: string[] = [];
    const baseUrl = `${await serve((request, response) => {
      request.setEncoding('utf8').once('data', (body: string) => bodies.push(body));
      request.once('end', () => {
        response.writeHead(201, { 'content-type': 'application/json' });
        response.end(JSON.stringify({ uuid: 'pay@01a0c0c7', link: LINK }));
      });
    })}/v2`;
    const qbitflow = createQBitFlow({
      logger: false,
      apiKey: 'sk_test',
      baseUrl,
      webhookSecret: 'whsec_test',
    });
    const app = express();
    app.use(express.json());
    app.all('/buy/:product', checkoutHandler(qbitflow, toParams));
    onTestFinished(async () => qbitflow.close());
    return { agent: supertest(await serve(app)), bodies };
  }

  function fromCatalogue({ params }: Request): CheckoutParams | undefined {
    const productName = String(params['product']);
    const price = PRICES[productName];
    return price === undefined ? undefined : { productName, price };
  }

  test('a browser is sent to the hosted page', async () => {
    const { agent, bodies } = await openShop(fromCatalogue);
    const { status, headers, text } = await agent.post('/buy/tea').set('accept', 'text/html');
    expect([status, headers['location'], headers['cache-control'], text]).toEqual([
      303,
      LINK,
      'no-store',
      '',
    ]);
    expect(bodies).toEqual(['{"productName":"tea","price":4.5}']);
  });

  test('a program is told where it is', async () => {
    const { agent } = await openShop(fromCatalogue);
    const { status, body } = await agent.post('/buy/tea').set('accept', 'application/json');
    expect([status, body]).toEqual([201, { uuid: 'pay@01a0c0c7', link: LINK }]);
  });

  test('a price the browser sends along counts for nothing', async () => {
    const { agent, bodies } = await openShop(fromCatalogue);
    const { status } = await agent.post('/buy/tea?price=0.01').send({ price: 0.01 });
    expect(status).toBe(303);
    expect(bodies).toEqual(['{"productName":"tea","price":4.5}']);
  });

  test('what is not sold is 400, what is not POST 405', async () => {
    const { agent, bodies } = await openShop(fromCatalogue);
    const [unknown, get] = [await agent.post('/buy/gold'), await agent.get('/buy/tea')];
    expect([unknown.status, get.status, get.headers['allow']]).toEqual([400, 405, 'POST']);
    expect(bodies).toEqual([]);
  });

  test('code of the shop that fails is 500 without details', async () => {
    const { agent } = await openShop(() => {
      throw new Error('no database');
    });
    const { status, text } = await agent.post('/buy/tea');
    expect(status).toBe(500);
    expect(text).toContain('<h1>The checkout could not be opened</h1>');
    expect(text).not.toContain('database');
  });
});
