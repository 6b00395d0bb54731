import { Router } from '@koa/router';
import { describe, expect, test } from 'vitest';
import supertest from 'supertest';
import { qbitflowRouter } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { openShop, PAID, v2Delivery } from './support/shop.js';

describe.each(frameworks)('%s', (_name, Koa) => {
  async function open(base: string) {
    const { qbitflow } = await openShop();
    const app = new Koa();
    const routes = qbitflowRouter(qbitflow).routes();
    app.use(base === '/' ? routes : new Router().use(base, routes).routes());
    app.use((ctx) => {
      ctx.status = 299;
      ctx.body = ctx.originalUrl;
    });
    return supertest(await serve(app.callback()));
  }

  test.each(['/', '/qbitflow', '/shop/qbitflow'])('all routes work below %s', async (base) => {
    const agent = await open(base);
    const prefix = base === '/' ? '' : base;
    const { headers, body } = v2Delivery();
    const post = agent.post(`${prefix}/webhook`).set(headers);
    expect((await post.send(Buffer.from(body).toString())).status).toBe(200);
    const query = `uuid=${encodeURIComponent(PAID)}&type=payment`;
    for (const page of ['success', 'cancel'])
      expect((await agent.get(`${prefix}/${page}?${query}`)).status).toBe(200);
  });

  test('a slash at the end changes nothing', async () => {
    const agent = await open('/qbitflow');
    expect((await agent.get('/qbitflow/webhook/')).status).toBe(405);
  });

  test('another method of a route is answered 405 with what is allowed', async () => {
    const agent = await open('/qbitflow');
    expect((await agent.put('/qbitflow/webhook')).headers['allow']).toBe('POST');
    expect((await agent.post('/qbitflow/success')).status).toBe(405);
  });

  test.each(['/qbitflow', '/qbitflow/', '/qbitflow/webhook/x', '/qbitflow/other', '/webhook'])(
    '%s goes on to the app',
    async (path) => {
      const { status, text } = await (await open('/qbitflow')).get(path);
      expect([status, text]).toEqual([299, path]);
    },
  );
});
