import type { ReturnPageOptions } from '@qbitflow/core';
import { Router } from '@koa/router';
import { describe, expect, test } from 'vitest';
import supertest from 'supertest';
import { cancelHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { OPEN, openShop, PAID } from './support/shop.js';

describe.each(frameworks)('%s', (_name, Koa) => {
  async function visit(query: string, options?: ReturnPageOptions, accept = 'application/json') {
    const { qbitflow } = await openShop();
    const router = new Router();
    router.get('/cancel', cancelHandler(qbitflow, options));
    const app = new Koa();
    app.use(router.routes());
    const agent = supertest(await serve(app.callback()));
    return agent.get(`/cancel?${query}`).set('accept', accept);
  }
  const uuid = (id: string) => `uuid=${encodeURIComponent(id)}&type=payment`;

  test('a paid and an open payment are told as the API tells them', async () => {
    const [paid, open] = [await visit(uuid(PAID)), await visit(uuid(OPEN))];
    expect([paid.status, open.status]).toEqual([200, 200]);
    expect(paid.text).toContain('paid');
    expect(open.text).toContain('waiting');
  });

  test('an unknown payment is 404, no id 400', async () => {
    const unknown = uuid('pay@01a0c0c7-5a6b-4c7d-8e9f-ffffffffffff');
    expect([(await visit(unknown)).status, (await visit('uuid=')).status]).toEqual([404, 400]);
  });

  test('a browser gets a page nobody may keep', async () => {
    const { status, headers, text } = await visit(uuid(PAID), {}, 'text/html');
    expect([status, headers['content-type'], headers['cache-control']]).toEqual([
      200,
      'text/html; charset=utf-8',
      'no-store',
    ]);
    expect(text).toContain('<!doctype html>');
  });

  test('a browser is sent on where the merchant says so', async () => {
    const options = { redirects: { paid: '/thanks' } };
    const { status, headers } = await visit(uuid(PAID), options, 'text/html');
    expect([status, headers['location']]).toEqual([303, '/thanks']);
  });

  test('authorize sees the request with its full url', async () => {
    const urls: string[] = [];
    const authorize = ({ url }: { url: string }) => {
      urls.push(url);
      return false;
    };
    expect((await visit(uuid(PAID), { authorize })).status).toBe(404);
    expect(urls).toEqual([`/cancel?${uuid(PAID)}`]);
  });
});

test('options that cannot work throw when the handler is made', async () => {
  const { qbitflow } = await openShop();
  const make = () => cancelHandler(qbitflow, { redirects: { paid: 'javascript:alert(1)' } });
  expect(make).toThrow('redirects.paid');
});
