import { Router } from '@koa/router';
import type App from 'koa';
import { describe, expect, test, vi } from 'vitest';
import supertest from 'supertest';
import { webhookHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { openShop, v1Delivery, v2Delivery } from './support/shop.js';

describe.each(frameworks)('%s', (_name, Koa) => {
  async function open(mount: (app: App) => void = () => undefined) {
    const shop = await openShop();
    const app = new Koa();
    mount(app);
    const router = new Router();
    router.all('/webhook', webhookHandler(shop.qbitflow));
    app.use(router.routes());
    const agent = supertest(await serve(app.callback()));
    const send = async ({ headers, body } = v2Delivery()) =>
      agent.post('/webhook').set(headers).send(Buffer.from(body).toString());
    return { ...shop, agent, send };
  }

  /** What body parsers do: read all of it, and leave `found` on `ctx.request`. */
  const parser = (found: (text: string) => object) => (app: App) =>
    app.use(async (ctx, next) => {
      const chunks: Buffer[] = await ctx.req.toArray();
      Object.assign(ctx.request, found(Buffer.concat(chunks).toString()));
      await next();
    });

  test('a delivery is answered as core answers it, and reaches its handler once', async () => {
    const { send, seen } = await open();
    const first = await send();
    expect([first.status, first.text]).toEqual([200, '{"received":true}']);
    expect(first.headers['content-type']).toBe('application/json; charset=utf-8');
    await vi.waitFor(() => expect(seen).toHaveLength(1));
    expect((await send()).body).toEqual({ received: true, duplicate: true });
    expect((await send(v1Delivery())).body).toEqual({ received: true, duplicate: true });
    expect(seen).toHaveLength(1);
  });

  test('a forged delivery is answered 401', async () => {
    const { send } = await open();
    const { body, headers } = v2Delivery();
    const forged = { headers, body: Buffer.from(`${Buffer.from(body).toString()} `) };
    const { status, text } = await send(forged);
    expect([status, text]).toEqual([401, '{"error":"invalid signature"}']);
  });

  test('another method is answered 405 with Allow', async () => {
    const { agent } = await open();
    const { status, headers } = await agent.get('/webhook');
    expect([status, headers['allow']]).toEqual([405, 'POST']);
  });

  test('the handler works without a router', async () => {
    const { qbitflow } = await openShop();
    const app = new Koa();
    app.use(webhookHandler(qbitflow));
    const { headers, body } = v2Delivery();
    const agent = supertest(await serve(app.callback()));
    const { status } = await agent.post('/any').set(headers).send(Buffer.from(body).toString());
    expect(status).toBe(200);
  });

  test('behind a parser that keeps rawBody as text it works', async () => {
    const { send } = await open(parser((rawBody) => ({ body: JSON.parse(rawBody), rawBody })));
    expect((await send()).status).toBe(200);
  });

  test('behind a parser that keeps nothing v1 works, v2 is answered at once with the remedy', async () => {
    const { send } = await open(parser((text) => ({ body: JSON.parse(text) })));
    expect((await send(v1Delivery())).status).toBe(200);
    const { status, text } = await send();
    expect(status).toBe(500);
    expect(text).toContain('ctx.request.rawBody');
  });

  test('middleware in front may still set headers', async () => {
    const { send } = await open((app) =>
      app.use(async (ctx, next) => {
        ctx.set('x-shop', 'yes');
        await next();
      }),
    );
    const { status, headers } = await send();
    expect([status, headers['x-shop']]).toEqual([200, 'yes']);
  });
});
