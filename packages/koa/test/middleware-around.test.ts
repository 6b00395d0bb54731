import { connect } from 'node:net';
import type { Middleware } from 'koa';
import { fakeClock } from '@qbitflow/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { statusHandler, webhookHandler } from '../src/index.js';
import { frameworks } from './support/frameworks.js';
import { serve } from './support/serve.js';
import { OPEN, openShop, v2Delivery } from './support/shop.js';

const PATIENCE = { timeout: 10_000 };

// What is Koa's own: middleware goes on after `next()`, and the answer is written after all of it.
describe.each(frameworks)('%s', (_name, Koa) => {
  async function openStatus(around: Middleware) {
    const clock = fakeClock();
    const { qbitflow } = await openShop({ clock });
    const errors: unknown[] = [];
    const app = new Koa();
    app.keys = ['one'];
    app.on('error', (error) => errors.push(error));
    app.use(around).use(statusHandler(qbitflow));
    return { clock, errors, url: await serve(app.callback()) };
  }

  /** Everything that comes back on one connection, and a way to leave it. */
  function watch(url: string) {
    const viewer = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('utf8');
    const seen = { text: '', ended: false };
    viewer.on('error', () => undefined);
    viewer.on('data', (chunk: string) => (seen.text += chunk));
    viewer.once('close', () => (seen.ended = true));
    const path = `/status/${encodeURIComponent(OPEN)}`;
    viewer.write(`GET ${path} HTTP/1.1\r\nhost: shop\r\naccept: text/event-stream\r\n\r\n`);
    return { seen, leave: () => viewer.destroy() };
  }

  test('what middleware sets after next() reaches the viewer: a rolling session, a response time', async () => {
    const { clock, errors, url } = await openStatus(async (ctx, next) => {
      await next();
      ctx.set('x-response-time', '1ms');
      ctx.cookies.set('session', 'rolled', { signed: true });
    });
    const { seen, leave } = watch(url);
    await vi.waitFor(() => expect(seen.text).toContain('"step":"customer"'), PATIENCE);
    leave();
    await vi.waitFor(() => expect(clock.waiting).toBe(0), PATIENCE);
    expect(seen.text).toContain('x-response-time: 1ms\r\n');
    expect(seen.text).toMatch(/^set-cookie: session=rolled; path=\/; httponly\r$/im);
    expect(errors).toEqual([]);
  });

  test("an error of the app's own after next() is reported, and nobody is watched for any more", async () => {
    const { clock, errors, url } = await openStatus(async (_ctx, next) => {
      await next();
      throw new Error('the session store is away');
    });
    const { seen, leave } = watch(url);
    await vi.waitFor(() => expect(seen.text).toMatch(/^HTTP\/1\.1 500 /), PATIENCE);
    expect(errors).toMatchObject([{ message: 'the session store is away' }]);
    await vi.waitFor(() => expect(clock.waiting).toBe(0), PATIENCE);
    leave();
  });

  test('a request that an earlier middleware has paused is read, without a router too', async () => {
    const { qbitflow } = await openShop();
    const app = new Koa().use(async (ctx, next) => {
      ctx.req.pause();
      await next();
    });
    app.use(webhookHandler(qbitflow));
    const { headers, body } = v2Delivery();
    const sent = { method: 'POST', headers, body: new Uint8Array(body) };
    expect((await fetch(`${await serve(app.callback())}/any`, sent)).status).toBe(200);
  });
});
