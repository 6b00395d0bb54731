import { EventEmitter } from 'node:events';
import type { Express } from 'express';
import Koa from 'koa';
import c2k from 'koa-connect';
import { createRequest, createResponse } from 'node-mocks-http';
import serverless from 'serverless-http';
import supertest from 'supertest';
import { describe, expect, test } from 'vitest';
import { qbitflowRouter, statusHandler, webhookHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { openShop, PAID, v2Delivery } from './support/shop.js';

describe.each(frameworks)('%s', (_name, express) => {
  async function statusOf(path: string, setUp: (app: Express) => unknown = () => undefined) {
    const { qbitflow } = await openShop();
    const app = express();
    setUp(app);
    app.use('/qbitflow', qbitflowRouter(qbitflow));
    const { headers, body } = v2Delivery();
    const post = supertest(await serve(app))
      .post(path)
      .set(headers);
    return (await post.send(Buffer.from(body).toString())).status;
  }

  test('an app that tells /Webhook from /webhook is heard', async () => {
    const strict = (app: Express) => app.enable('case sensitive routing');
    expect(await statusOf('/qbitflow/webhook', strict)).toBe(200);
    expect(await statusOf('/qbitflow/Webhook', strict)).toBe(404);
  });

  test('an event of a serverless platform is taken in', async () => {
    const { qbitflow, seen } = await openShop();
    const handle = serverless(express().use('/qbitflow', qbitflowRouter(qbitflow)));
    const { headers, body } = v2Delivery();
    const event = {
      httpMethod: 'POST',
      path: '/qbitflow/webhook',
      headers: { ...headers, 'content-type': 'application/json' },
      body: Buffer.from(body).toString('base64'),
      isBase64Encoded: true,
    };
    expect(await handle(event, {})).toMatchObject({ statusCode: 200 });
    await expect.poll(() => seen.map(({ type }) => type)).toEqual(['payment.completed']);
  });
});

test('handlers stand in a server without originalUrl, as in restify and Next.js', async () => {
  const { qbitflow } = await openShop();
  const status = statusHandler(qbitflow);
  const url = await serve((request, response) => {
    Reflect.apply(status, undefined, [request, response, () => undefined]);
  });
  const answer = await fetch(`${url}/status/${encodeURIComponent(PAID)}`);
  expect(await answer.json()).toMatchObject({ state: 'paid' });
});

test.each([
  ['the router', qbitflowRouter, '/webhook'],
  ['one handler', webhookHandler, '/'],
] as const)('%s stands in Koa by koa-connect', async (_name, make, path) => {
  const { qbitflow } = await openShop();
  const app = new Koa().use(c2k(make(qbitflow) as unknown as Parameters<typeof c2k>[0]));
  const { headers, body } = v2Delivery();
  const listener = app.callback();
  const url = await serve((request, response) => void listener(request, response));
  const answer = await fetch(url + path, {
    method: 'POST',
    headers,
    body: new Uint8Array(body),
  });
  expect([answer.status, await answer.text()]).toEqual([200, '{"received":true}']);
});

test.each([
  ['rawBody', 200],
  ['body alone', 500],
] as const)('a mocked request with %s is answered %i at once', async (kept, status) => {
  const { qbitflow } = await openShop();
  const { headers, body } = v2Delivery();
  const text = Buffer.from(body).toString();
  const request = createRequest({
    method: 'POST',
    url: '/',
    headers,
    body: JSON.parse(text) as object,
    ...(kept === 'rawBody' && { rawBody: body }),
  });
  const response = createResponse({ req: request, eventEmitter: EventEmitter });
  const ended = EventEmitter.once(response, 'end');
  Reflect.apply(webhookHandler(qbitflow), undefined, [request, response, () => undefined]);
  await ended;
  expect(response.statusCode).toBe(status);
});
